//! Small pictures, drawn in the colour of the text around them.

use yew::prelude::*;

use crate::glyph;
use crate::messages::Standing;

/// Which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Back,
    Branch,
    Break,
    Close,
    Copy,
    Created,
    Deleting,
    Done,
    Error,
    First,
    Flag,
    Forward,
    Ghost,
    Last,
    Lock,
    Moon,
    Next,
    Note,
    Open,
    Pause,
    Play,
    Share,
    StopAfter,
    StopBefore,
    Stuck,
    Sun,
    System,
    Up,
    Warning,
}

impl Icon {
    /// What shows a standing, beside its words; `None` where there is nothing to show.
    pub(crate) fn of(standing: Standing) -> Option<Self> {
        Some(match standing {
            Standing::Present | Standing::Runs | Standing::Answers => return None,
            Standing::Deleting => Self::Deleting,
            Standing::Stuck => Self::Stuck,
            Standing::Gone | Standing::Absent | Standing::Silent | Standing::Stopped => Self::Ghost,
            Standing::Created => Self::Created,
            Standing::Schedulable => Self::Done,
            Standing::Unschedulable | Standing::Unreachable => Self::Warning,
        })
    }

    /// Its path in a square of 16, drawn as a line.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Back => "M10 3L5 8l5 5",
            Self::Branch => "M4.5 2.5v11M4.5 9.5c4.5 0 6.5-1.5 6.5-5M8.5 6L11 3.5 13.5 6",
            Self::Break => "M9 2L4.5 8.5H8L7 14l4.5-6.5H8z",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Copy => "M6 5.5V3h7v8h-2.5M3 5.5h7.5V13H3z",
            Self::Created => glyph::CREATED,
            Self::Deleting => glyph::DELETING,
            Self::Done => glyph::DONE,
            Self::Error => "M5.2 2h5.6L14 5.2v5.6L10.8 14H5.2L2 10.8V5.2zM8 5v4M8 10.8v.4",
            Self::First => "M12 3L7 8l5 5M4 3v10",
            Self::Flag => "M4 14V2.5h8L10 5.5l2 3H4",
            Self::Forward => "M6 3l5 5-5 5",
            Self::Ghost => glyph::GHOST,
            Self::Last => "M4 3l5 5-5 5M12 3v10",
            Self::Lock => glyph::LOCK,
            Self::Moon => "M12.5 9.8A5.2 5.2 0 0 1 6.2 3.5 5.2 5.2 0 1 0 12.5 9.8z",
            Self::Next => "M4 6l4 4 4-4",
            Self::Note => glyph::NOTE,
            Self::Open => "M6 4l4 4-4 4",
            Self::Pause => "M5.5 3v10M10.5 3v10",
            Self::Play => "M5 3l8 5-8 5z",
            Self::Stuck => glyph::STUCK,
            Self::Share => "M8 2v8M5 4.8L8 2l3 2.8M4.5 7.5H3V14h10V7.5h-1.5",
            Self::StopAfter => "M3 4l4 4-4 4M9.5 13V3.5h4.5L12.5 5.7 14 8H9.5",
            Self::StopBefore => "M13 4L9 8l4 4M6.5 13V3.5H2L3.5 5.7 2 8h4.5",
            Self::Sun => {
                "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7"
            }
            Self::System => "M2.5 3h11v7.5h-11zM6 13.5h4",
            Self::Warning => glyph::WARNING,
            Self::Up => "M4 10l4-4 4 4",
        }
    }

    /// As an element beside text.
    pub(crate) fn html(self) -> Html {
        html! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d={self.path()} />
            </svg>
        }
    }
}
