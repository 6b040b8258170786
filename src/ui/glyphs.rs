//! The shapes of ticks and stops: each says what it is without its colour.

use crate::lanes::{Did, Why};

/// Ticks that are nearer to each other than this are bars: a shape could not be told from the next.
const ROOM: f64 = 8.0;

/// A shape, and the class that colours it.
pub(crate) struct Glyph {
    pub(crate) path: String,
    pub(crate) class: &'static str,
}

/// How a tick is coloured, and whether its shape is filled.
pub(crate) fn class(did: Did, apart: f64) -> [&'static str; 2] {
    let colour = match did {
        Did::Nothing => "nothing",
        Did::Modified => "modified",
        Did::Created => "created",
        Did::Released => "released",
        Did::Asked => "asked",
        Did::Deleted => "deleted",
        Did::Person => "person",
        Did::Broke => "broke",
        Did::Refused => "refused",
    };
    let filled = apart < ROOM || matches!(did, Did::Modified | Did::Released | Did::Person | Did::Broke);
    [colour, if filled { "filled" } else { "lined" }]
}

/// The shape of a tick around a point. Where there is no room for shapes it is a bar, the higher the more it matters.
pub(crate) fn of_tick(did: Did, x: f64, y: f64, apart: f64) -> String {
    if apart < ROOM {
        let height = match did {
            Did::Nothing => 2.0,
            Did::Modified => 4.0,
            Did::Created => 6.0,
            Did::Released => 8.0,
            Did::Asked => 10.0,
            Did::Deleted | Did::Person | Did::Broke | Did::Refused => 12.0,
        };
        let width = (apart - 1.0).clamp(1.5, 4.0);
        return format!("M{:.1} {:.1}h{width:.1}v{height:.1}h-{width:.1}z", x - width / 2.0, y + 6.0 - height);
    }
    let (dot, from) = (
        |x: f64, y: f64, r: f64| {
            format!("M{:.1} {y:.1}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 -{} 0z", x - r, r * 2.0, r * 2.0)
        },
        |dx: f64, dy: f64| format!("M{:.1} {:.1}", x + dx, y + dy),
    );
    match did {
        Did::Nothing => dot(x, y, 1.5),
        Did::Modified => from(-2.5, -2.5) + "h5v5h-5z",
        Did::Created => from(-4.0, 0.0) + "h8" + &from(0.0, -4.0) + "v8",
        Did::Released => from(0.0, -4.5) + "l4.5 4.5-4.5 4.5-4.5-4.5z",
        Did::Asked => dot(x, y, 3.5),
        Did::Deleted => from(-3.5, -3.5) + "l7 7" + &from(3.5, -3.5) + "l-7 7",
        Did::Person => from(-4.5, -4.0) + "h9l-4.5 8z",
        Did::Broke => from(1.0, -5.5) + "l-4.5 6.5h3l-1 5 4.5-6.5h-3z",
        Did::Refused => dot(x, y, 4.0) + &from(-2.8, -2.8) + "l5.6 5.6",
    }
}

/// The shape of a stop.
pub(crate) fn of_stop(why: Why, x: f64, y: f64) -> Glyph {
    let of = |did: Did| Glyph { path: of_tick(did, x, y, ROOM), class: class(did, ROOM)[0] };
    match why {
        Why::Person => of(Did::Person),
        Why::Broke => of(Did::Broke),
        Why::Refused => of(Did::Refused),
        Why::Opens => of(Did::Deleted),
        Why::End => {
            Glyph { path: format!("M{:.1} {:.1}v10M{x:.1} {:.1}h-6l2 3-2 3h6", x, y - 5.0, y - 5.0), class: "end" }
        }
    }
}
