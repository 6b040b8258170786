//! `cargo xtask seal`: what Trunk runs at the end of each build, as Trunk.toml says. It writes what the worker's files hold into
//! their names, as Trunk does with the page's own: no cache can then give a page the worker of another build.

use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::{env, fs, io};

/// What Trunk calls the worker.
const WORKER: &str = "gordian-worker";

/// Seals the folder that Trunk builds in.
pub(crate) fn seal() -> Result<bool, String> {
    let folder = env::var_os("TRUNK_STAGING_DIR").ok_or("This is for Trunk, which says where it builds.")?;
    name_worker(Path::new(&folder)).map_err(|why| format!("The worker's files could not be named: {why}"))?;
    Ok(true)
}

/// Gives the worker's files a name of what they hold, and writes it into the page.
fn name_worker(folder: &Path) -> io::Result<()> {
    let files = ["_bg.wasm", ".js"];
    let mut hasher = DefaultHasher::new();
    for ending in files {
        hasher.write(&fs::read(folder.join(format!("{WORKER}{ending}")))?);
    }
    let sealed = format!("{WORKER}-{:016x}", hasher.finish());
    for ending in files {
        fs::rename(folder.join(format!("{WORKER}{ending}")), folder.join(format!("{sealed}{ending}")))?;
    }
    let page = folder.join("index.html");
    let text = fs::read_to_string(&page)?.replace(&format!("worker={WORKER}\""), &format!("worker={sealed}\""));
    fs::write(page, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name that the page starts, of a worker that holds this.
    fn sealed(folder: &Path, worker: &str) -> io::Result<String> {
        fs::write(folder.join("gordian-worker_bg.wasm"), worker)?;
        fs::write(folder.join("gordian-worker.js"), "")?;
        fs::write(folder.join("index.html"), r#"<script src="./boot.js?js=a.js&amp;worker=gordian-worker"></script>"#)?;
        name_worker(folder)?;
        let page = fs::read_to_string(folder.join("index.html"))?;
        let name = page.split("worker=").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
        assert_eq!(fs::read_to_string(folder.join(format!("{name}_bg.wasm")))?, worker);
        assert!(folder.join(format!("{name}.js")).exists() && !folder.join("gordian-worker.js").exists());
        Ok(name)
    }

    #[test]
    fn another_worker_has_another_name() -> io::Result<()> {
        let folder = env::temp_dir().join(format!("gordian-seal-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let names = ["one", "other", "one"].map(|worker| sealed(&folder, worker));
        fs::remove_dir_all(&folder)?;
        let [one, other, again] = names;
        let one = one?;
        assert_ne!(one, other?);
        assert_eq!(one, again?);
        Ok(())
    }
}
