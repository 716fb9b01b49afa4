//! How does a plan travel?

use crate::plan::{Place, Plan, VERSION};
use tilewright_core::{Error, Kind, Result};

impl Plan {
    /// The plan as bytes (postcard, the version first).
    ///
    /// # Errors
    /// [`Kind::Source`] if the plan reads an array of this process, or calls a function of it,
    /// which cannot travel.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        if let Some(k) = self
            .sources
            .iter()
            .position(|s| matches!(s.place, Place::Memory { .. }))
        {
            let source = &self.sources[k];
            return Err(Error::new(
                Kind::Source,
                "a plan that reads an array in memory cannot travel",
            )
            .fact(
                "node",
                format!("memory array {}{:?}", source.dtype, source.shape),
            )
            .way_out("store the array and read it from there"));
        }
        if let Some(blocks) = self.stages.iter().find_map(|stage| stage.blocks.as_ref()) {
            return Err(Error::new(
                Kind::Source,
                "a plan that calls a function of this process cannot travel",
            )
            .fact("node", format!("map_blocks {}", blocks.name))
            .way_out("store what the function gives and read it from there"));
        }
        postcard::to_stdvec(self).map_err(|error| {
            Error::new(Kind::Internal, format!("plan does not serialize: {error}"))
        })
    }

    /// The plan that [`Plan::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Kind::Parse`] for bytes that are no plan, or one of another version, or one whose kernels
    /// are not well-formed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Plan> {
        let refuse = |what: String| Error::new(Kind::Parse, what).way_out("make the plan again");
        let (version, _) = postcard::take_from_bytes::<u32>(bytes)
            .map_err(|error| refuse(format!("these bytes are no plan: {error}")))?;
        if version != VERSION {
            return Err(refuse(format!(
                "this plan has version {version}, not {VERSION}"
            )));
        }
        let (plan, rest) = postcard::take_from_bytes::<Plan>(bytes)
            .map_err(|error| refuse(format!("these bytes are no plan: {error}")))?;
        if !rest.is_empty() {
            return Err(refuse(format!("{} bytes follow the plan", rest.len())));
        }
        for stage in &plan.stages {
            stage.kernel.check()?;
        }
        Ok(plan)
    }
}
