//! `cargo xtask serve`: builds the page as it would be deployed, and serves that on this machine only.

use crate::{run, tools};
use std::net::{Ipv4Addr, TcpListener};

const USUAL_PORT: u16 = 8080;

/// Runs until it is stopped; `arguments` are those after `serve`.
pub(crate) fn serve(arguments: &[String]) -> Result<bool, String> {
    let Options { open, port } = Options::read(arguments)?;
    let port = match port {
        Some(port) if is_free(port) => port,
        Some(port) => return Err(format!("Port {port} is in use: choose another one.")),
        None => (USUAL_PORT..USUAL_PORT + 100)
            .find(|&port| is_free(port))
            .ok_or("No port from 8080 to 8179 is free: choose one with --port.")?,
    };
    tools::for_building()?;

    // Trunk serves `dist/` as it is: without its reload script and without headers of its own, the page and its content
    // security policy are the deployed ones. It builds again when a source changes.
    let mut trunk = tools::trunk()?;
    trunk.args(["serve", "--release", "--no-autoreload"]);
    trunk.args(["--port", &port.to_string()]);
    if open {
        trunk.arg("--open");
    }
    println!("Building the page, then serving it at http://127.0.0.1:{port}/ until Ctrl-C.");
    run::instead(&mut trunk)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    open: bool,
    port: Option<u16>,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let port = match argument.as_str() {
                "--open" => {
                    options.open = true;
                    continue;
                }
                "--port" => arguments.next().map(String::as_str),
                other => other.strip_prefix("--port="),
            };
            match port.and_then(|port| port.parse().ok()) {
                Some(port) => options.port = Some(port),
                None => {
                    return Err(format!("`{argument}` is not understood here: serve takes --open and --port N."));
                }
            }
        }
        Ok(options)
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn read(line: &str) -> Result<Options, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::read(&words)
    }

    #[test]
    fn options() {
        let expected = |open, port| Ok(Options { open, port });
        assert_eq!(read(""), expected(false, None));
        assert_eq!(read("--port 9000 --open"), expected(true, Some(9000)));
        assert_eq!(read("--port=9000"), expected(false, Some(9000)));
        assert!(read("--port").is_err());
        assert!(read("--port x").is_err());
        assert!(read("--prot 9").is_err());
    }
}
