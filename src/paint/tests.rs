use std::collections::BTreeSet;

use super::*;
use crate::engine::tests::sample;
use crate::engine::{Document, Unmeasured};
use crate::messages::Standing;
use crate::scene::{Block, Line, Meaning, View, draw};
use crate::subject::Subject;
use crate::url::Scope;

/// Counts what is drawn.
#[derive(Default)]
struct Tally {
    texts: Vec<String>,
    shapes: usize,
    glyphs: usize,
}

impl Surface for Tally {
    fn begin(&mut self, _: Camera, _: (f64, f64)) {
        *self = Self::default();
    }

    fn draw(&mut self, path: &Path, _: &Style) {
        self.shapes += path.0.len();
    }

    fn text(&mut self, text: &str, _: (f32, f32), _: &Type) {
        self.texts.push(text.to_owned());
    }

    fn glyph(&mut self, _: &'static str, _: (f32, f32), _: f32, _: Ink, _: f32) {
        self.glyphs += 1;
    }
}

/// Numbers that look random, and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
}

/// So many boxes in rows, and an arrow from each to some other one nearby.
fn field(boxes: usize, dice: &mut Dice) -> Scene {
    const STANDINGS: [Standing; 5] =
        [Standing::Present, Standing::Present, Standing::Present, Standing::Deleting, Standing::Stuck];
    let columns = (boxes as f32).sqrt() as usize + 1;
    let block = |index: usize, dice: &mut Dice| Block {
        subject: Subject::Object(key("Pod", &format!("pod-{index}"))),
        others: Vec::new(),
        called: None,
        code: index.to_string(),
        rect: Rect {
            x: (index % columns) as f32 * 290.0,
            y: (index / columns) as f32 * 110.0,
            width: 252.0,
            height: 55.0,
        },
        standing: STANDINGS[dice.roll(STANDINGS.len())],
        chips: Vec::new(),
        knot: false,
        changed: false,
        noted: false,
        id: index as u64,
    };
    let blocks: Vec<Block> = (0..boxes).map(|index| block(index, dice)).collect();
    let line = |from: usize, dice: &mut Dice| {
        let to = (from + 1 + dice.roll(columns * 3)) % boxes;
        let (start, end) = (blocks[from].rect.centre(), blocks[to].rect.centre());
        let meaning = if dice.roll(20) == 0 { Meaning::Waits } else { Meaning::Owns { blocks: false } };
        let way = vec![start, (start.0, (start.1 + end.1) / 2.0), end];
        Line { from, to, meaning, way, label: None, sentence: String::new(), mark: None }
    };
    let lines = (0..boxes).map(|from| line(from, dice)).collect();
    let size = (columns as f32 * 290.0, (boxes / columns + 1) as f32 * 110.0);
    let mut scene = Scene::default();
    (scene.blocks, scene.lines, scene.size) = (blocks, lines, size);
    scene
}

fn key(kind: &str, name: &str) -> gordian_reconcile::Key {
    gordian_reconcile::Key::new(gordian_reconcile::Kind::new("", kind), "".into(), name.into())
}

fn frame<'a>(scene: &'a Scene, index: &'a Index, camera: Camera) -> Frame<'a> {
    Frame { scene, index, camera, size: (1000.0, 700.0), language: Language::default(), glide: None }
}

fn scene(document: &Document, scope: Scope, before: Option<&Scene>) -> Scene {
    let finding = document.findings().first().map(|(found, _)| found.id.clone());
    let view = View { finding: finding.as_deref(), scope, opened: &BTreeSet::new(), language: Language::default() };
    draw(document, view, before, &Unmeasured)
}

fn theme() -> Theme {
    Theme {
        colours: Ink::ALL.iter().map(|ink| ink.token().trim_start_matches("--").to_owned()).collect(),
        sans: "sans-serif".into(),
        mono: "monospace".into(),
    }
}

#[test]
fn only_what_is_in_view_is_drawn() {
    let scene = field(10_000, &mut Dice(1));
    let index = Index::new(&scene);
    let mut tally = Tally::default();
    for (x, y, scale) in [(0.0, 0.0, 1.0), (-4000.0, -3000.0, 1.0), (-9000.0, -2500.0, 0.6), (-100.0, -100.0, 2.5)] {
        let frame = frame(&scene, &index, Camera { x, y, scale });
        paint(&frame, &mut tally);
        let view = frame.camera.view(frame.size).grown(16.0);
        let seen: BTreeSet<&str> =
            scene.blocks.iter().filter(|block| block.rect.overlaps(view)).map(|block| block.name()).collect();
        let drawn: BTreeSet<&str> =
            tally.texts.iter().map(String::as_str).filter(|text| text.starts_with("pod-")).collect();
        assert!(!seen.is_empty());
        assert_eq!(drawn, seen);
        assert!(tally.shapes < 10_000, "{} shapes for {} boxes", tally.shapes, seen.len());
    }
}

#[test]
fn from_far_away_less_is_said() {
    let scene = field(400, &mut Dice(2));
    let index = Index::new(&scene);
    let at = |scale: f64| {
        let mut tally = Tally::default();
        paint(&frame(&scene, &index, Camera { x: 0.0, y: 0.0, scale }), &mut tally);
        tally
    };
    let (full, name, shape, cells) = (at(0.45), at(0.3), at(0.1), at(0.05));
    assert!(full.texts.iter().any(|text| text == "Pod"));
    assert!(!name.texts.iter().any(|text| text == "Pod") && name.texts.iter().any(|text| text == "pod-1"));
    assert!(shape.texts.is_empty() && shape.glyphs == 0 && cells.texts.is_empty());
    let details: Vec<Detail> = [0.45, 0.449, 0.16, 0.159, 0.055, 0.054].map(Detail::at).into();
    use Detail::{Cells, Full, Name, Shape};
    assert_eq!(details, [Full, Name, Name, Shape, Shape, Cells]);
}

#[test]
fn a_hundred_thousand_boxes_are_few_shapes_from_very_far() {
    let scene = field(100_000, &mut Dice(3));
    let index = Index::new(&scene);
    let mut tally = Tally::default();
    let camera = Camera::fit(&scene, Scope::All, None, (1000.0, 700.0));
    paint(&frame(&scene, &index, camera), &mut tally);
    assert!((100..40_000).contains(&tally.shapes), "{}", tally.shapes);
    assert!(tally.texts.is_empty());
}

#[test]
fn what_the_grid_finds_is_what_is_there() {
    let mut dice = Dice(4);
    for boxes in [1, 7, 60, 900] {
        let scene = field(boxes, &mut dice);
        let index = Index::new(&scene);
        for _ in 0..400 {
            let point = (dice.roll(scene.size.0 as usize + 100) as f32, dice.roll(scene.size.1 as usize + 100) as f32);
            let slack = dice.roll(12) as f32;
            let block = scene.blocks.iter().position(|block| block.rect.contains(point));
            let far = |line: &Line| {
                let legs = line.way.windows(2);
                legs.map(|leg| sampled(point, leg[0], leg[1])).fold(f32::INFINITY, f32::min)
            };
            match (block, index.hit(&scene, point, slack)) {
                (Some(block), hit) => assert_eq!(hit, Some(Hit::Block(block))),
                (None, Some(Hit::Line(line))) => assert!(far(&scene.lines[line]) <= slack + 1.0),
                (None, Some(hit)) => panic!("{hit:?} at {point:?}"),
                (None, None) => {
                    let near = scene.lines.iter().position(|line| far(line) < slack - 1.0);
                    assert_eq!(near, None, "{point:?} within {slack}");
                }
            }
        }
    }
}

/// How far a point is from a straight line, by looking at many points of it.
fn sampled(point: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let steps = ((to.0 - from.0).hypot(to.1 - from.1) as usize).max(1) * 2;
    let at = |step: usize| {
        let along = step as f32 / steps as f32;
        let (x, y) = (from.0 + (to.0 - from.0) * along, from.1 + (to.1 - from.1) * along);
        (point.0 - x).hypot(point.1 - y)
    };
    (0..=steps).map(at).fold(f32::INFINITY, f32::min)
}

#[test]
fn every_arrow_in_view_is_found() {
    let mut dice = Dice(5);
    let scene = field(900, &mut dice);
    let index = Index::new(&scene);
    for _ in 0..200 {
        let corner = (dice.roll(scene.size.0 as usize) as f32, dice.roll(scene.size.1 as usize) as f32);
        let view = Rect { x: corner.0, y: corner.1, width: 700.0, height: 400.0 };
        let found: BTreeSet<usize> = index.lines(view).into_iter().collect();
        for (line, drawn) in scene.lines.iter().enumerate() {
            let ends = [drawn.way[0], drawn.way[1], drawn.way[2]];
            assert!(!ends.iter().any(|point| view.contains(*point)) || found.contains(&line));
        }
        let blocks: Vec<usize> =
            (0..scene.blocks.len()).filter(|block| scene.blocks[*block].rect.overlaps(view)).collect();
        assert_eq!(index.blocks(view), blocks);
    }
}

#[test]
fn a_note_is_seen_wherever_a_name_is() {
    let plain = field(60, &mut Dice(3));
    let first = plain.blocks[0].subject;
    let noted = plain.noting(&BTreeSet::from([first.stable_id()])).expect("another drawing");
    assert!(noted.noting(&BTreeSet::from([first.stable_id()])).is_none(), "the same marks are the same drawing");
    for (scale, more) in [(1.0, 1), (0.3, 1), (0.1, 0)] {
        let glyphs = |scene: &Scene| {
            let (index, mut tally) = (Index::new(scene), Tally::default());
            paint(&frame(scene, &index, Camera { x: 0.0, y: 0.0, scale }), &mut tally);
            tally.glyphs
        };
        assert_eq!(glyphs(&noted), glyphs(&plain) + more, "at {scale}");
    }
}

/// The incident as a file; `UPDATE=1 cargo test` writes it anew.
#[test]
fn the_incident_is_drawn_as_it_was() {
    let scene = scene(&sample("longhorn-10791"), Scope::Knot, None);
    let index = Index::new(&scene);
    let camera = Camera::fit(&scene, Scope::Knot, None, (1000.0, 700.0));
    let drawn = svg(&frame(&scene, &index, camera), &theme());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/paint/incident.svg");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &drawn).expect("the file is written");
    }
    let kept = std::fs::read_to_string(path).expect("the file is there");
    assert!(kept == drawn, "the drawing of the incident changed; look at it, and write it anew with UPDATE=1");
    for said in ["foregroundDeletion", "instance-manager-c1d", "stuck", "needs a live one", "not there"] {
        assert!(drawn.contains(said), "{said}");
    }
}

#[test]
fn names_are_text_in_a_file() {
    let mut scene = field(1, &mut Dice(6));
    scene.blocks[0].subject = Subject::Object(key("Pod", "<script>alert(1)</script>&\"\u{1}"));
    let index = Index::new(&scene);
    let theme = Theme { sans: "\"Noto Sans\", sans-serif".into(), ..theme() };
    let drawn = svg(&frame(&scene, &index, Camera::default()), &theme);
    assert!(drawn.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;<"));
    assert!(!drawn.contains("<script") && !drawn.contains('\u{1}'));
    assert!(drawn.contains("font-family=\"&quot;Noto Sans&quot;, sans-serif\""));
}

#[test]
fn what_stays_glides_and_the_rest_comes_and_goes() {
    let before = field(6, &mut Dice(7));
    let mut after = before.clone();
    after.lines.clear();
    after.blocks.remove(0);
    after.blocks[0].rect.x += 100.0;
    after.blocks[4].id = 99;
    let glide = Glide::between(&before, &after).expect("something moves");
    assert_eq!(glide.shift(0, 0.0), ((-100.0, 0.0), 1.0));
    assert_eq!(glide.shift(0, 0.5), ((-50.0, 0.0), 1.0));
    assert_eq!(glide.shift(1, 0.0), ((0.0, 0.0), 1.0));
    assert_eq!(glide.shift(4, 0.25), ((0.0, 0.0), 0.25));
    assert_eq!(glide.gone.iter().map(|block| block.id).collect::<Vec<_>>(), [0, 5]);
    assert_eq!(Glide::between(&before, &before), None);
    assert_eq!(Glide::between(&Scene::default(), &before), None);
    assert_eq!([0.0, 0.5, 1.0, 2.0].map(ease), [0.0, 0.5, 1.0, 1.0]);
}

#[test]
fn a_zoom_keeps_what_it_points_at() {
    let camera = Camera { x: 30.0, y: -20.0, scale: 0.7 };
    let at = (210.0, 120.0);
    let (before, after) = (camera.at(at), camera.zoom(1.6, at).at(at));
    assert!((before.0 - after.0).abs() < 0.01 && (before.1 - after.1).abs() < 0.01);
    let rect = Rect { x: 5000.0, y: 0.0, width: 10.0, height: 10.0 };
    let (dx, dy) = camera.away(rect, (400.0, 300.0)).expect("it is out of sight");
    assert_eq!(camera.shift(dx, dy).away(rect, (400.0, 300.0)), None);
}
