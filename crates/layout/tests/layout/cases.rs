//! Cases: a graph in `tests/cases/*.txt`, and its drawing beside it in `*.expect`. `UPDATE_EXPECT=1` writes the drawings anew.
//!
//! ```text
//! node a 120x40                             # a node and its size
//! edge a b weight=3 label=60x16 free        # an edge; all but its ends may be left out
//! then                                      # draws, and goes on from that drawing
//! gone a                                    # takes a node away, and its edges
//! cut a b                                   # takes an edge away
//! ```

use std::fmt::Write as _;
use std::path::Path;

use gordian_layout::{Drawing, Edge, Graph, Node, Options, Point, Previous, draw, redraw};

use crate::sound;

#[test]
fn cases() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(&directory).expect("the directory of cases can be read");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("its entries too").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    assert!(paths.len() >= 15, "the cases were not found in {}", directory.display());
    paths.iter().for_each(|path| check(path));
}

/// Draws a case and compares with what is expected.
fn check(path: &Path) {
    let text = std::fs::read_to_string(path).expect("the case can be read");
    let found = report(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    let expect = path.with_extension("expect");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&expect, found).expect("the expectation can be written");
    } else {
        let expected = std::fs::read_to_string(&expect).unwrap_or_default();
        assert_eq!(found, expected, "{} is drawn differently; UPDATE_EXPECT=1 if it should be", path.display());
    }
}

/// A graph whose nodes have names; a node's identity is its number in the text.
#[derive(Default)]
struct Named {
    names: Vec<String>,
    graph: Graph,
    met: u64,
}

impl Named {
    fn index(&self, name: &str) -> Result<u32, String> {
        let found = self.names.iter().position(|other| other == name);
        found.map(|index| index as u32).ok_or_else(|| format!("there is no node {name}"))
    }

    fn read(&mut self, words: &[&str]) -> Result<(), String> {
        match *words {
            ["node", name, size] => {
                let (width, height) = self::size(size)?;
                self.names.push(name.to_owned());
                self.graph.nodes.push(Node { width, height, id: self.met });
                self.met += 1;
            }
            ["edge", from, to, ref more @ ..] => {
                let (from, to) = (self.index(from)?, self.index(to)?);
                let mut edge = Edge { from, to, weight: 1, ..Edge::default() };
                for word in more {
                    match word.split_once('=') {
                        Some(("weight", weight)) => edge.weight = weight.parse().map_err(|_| weight.to_owned())?,
                        Some(("label", label)) => edge.label = size(label)?,
                        None if *word == "free" => edge.free = true,
                        _ => return Err(format!("what is {word}?")),
                    }
                }
                self.graph.edges.push(edge);
            }
            ["gone", name] => {
                let gone = self.index(name)?;
                self.names.remove(gone as usize);
                self.graph = without(&self.graph, gone);
            }
            ["cut", from, to] => {
                let (from, to) = (self.index(from)?, self.index(to)?);
                self.graph.edges.retain(|edge| (edge.from, edge.to) != (from, to));
            }
            _ => return Err(format!("what is {}?", words.join(" "))),
        }
        Ok(())
    }
}

fn size(text: &str) -> Result<(f32, f32), String> {
    let (width, height) = text.split_once('x').ok_or_else(|| format!("{text} is no size"))?;
    let length = |text: &str| text.parse().map_err(|_| format!("{text} is no length"));
    Ok((length(width)?, length(height)?))
}

/// The graph without one of its nodes.
pub(crate) fn without(graph: &Graph, gone: u32) -> Graph {
    let mut nodes = graph.nodes.clone();
    nodes.remove(gone as usize);
    let kept = graph.edges.iter().filter(|edge| edge.from != gone && edge.to != gone);
    let edges = kept
        .map(|edge| Edge {
            from: edge.from - u32::from(edge.from > gone),
            to: edge.to - u32::from(edge.to > gone),
            ..*edge
        })
        .collect();
    Graph { nodes, edges }
}

/// The drawings of a case, one for each of its steps.
fn report(text: &str) -> Result<String, String> {
    let mut report = String::new();
    let mut named = Named::default();
    let mut before = None;
    for line in text.lines().chain(["then"]) {
        let line = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        match *words.as_slice() {
            [] => {}
            ["then"] => {
                let options = Options::default();
                let drawing = match &before {
                    None => draw(&named.graph, &options),
                    Some(before) => redraw(&named.graph, &options, before),
                };
                if before.is_some() {
                    report.push_str("\nthen\n");
                }
                sound::check(&named.graph, &drawing)?;
                describe(&mut report, &named, &drawing);
                before = Some(Previous::new(&named.graph, &drawing));
            }
            ref words => named.read(words).map_err(|problem| format!("{line}: {problem}"))?,
        }
    }
    Ok(report)
}

/// Rows of nodes from top to bottom, each with the centres of its nodes from left to right; then the routes.
fn describe(report: &mut String, named: &Named, drawing: &Drawing) {
    let crossings = sound::crossings(drawing);
    let _ = writeln!(report, "size {}x{}, {crossings} crossings", round(drawing.size.0), round(drawing.size.1));
    let rects = named.names.iter().zip(&drawing.nodes);
    let mut nodes: Vec<(f32, f32, &str)> = rects
        .map(|(name, rect)| (round(rect.y + rect.height / 2.0), round(rect.x + rect.width / 2.0), name.as_str()))
        .collect();
    nodes.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    for row in nodes.chunk_by(|one, other| one.0 == other.0) {
        let _ = write!(report, "y {}:", row[0].0);
        for (_, x, name) in row {
            let _ = write!(report, " {name} {x}");
        }
        report.push('\n');
    }
    for (edge, route) in named.graph.edges.iter().zip(&drawing.edges) {
        let name = |index: u32| &named.names[index as usize];
        let _ = write!(report, "{} -> {}:", name(edge.from), name(edge.to));
        let spot = |point: &Point| format!(" {},{}", round(point.x), round(point.y));
        route.points.iter().for_each(|point| report.push_str(&spot(point)));
        if let Some(label) = &route.label {
            let _ = write!(report, " label{}", spot(label));
        }
        report.push('\n');
    }
}

/// To one decimal; a picture is no better for more.
fn round(length: f32) -> f32 {
    (length * 10.0).round() / 10.0
}
