//! Where do tests put their files?

use std::path::PathBuf;

/// A directory that goes with the test.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// A new one, named so.
    pub fn new(name: &str) -> Scratch {
        let path =
            std::env::temp_dir().join(format!("tilewright-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// Everything in it, hidden or not, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
