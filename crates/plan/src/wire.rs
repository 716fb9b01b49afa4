//! How does a plan travel?

use crate::plan::{Place, Plan, VERSION};
use tilewright_core::{Error, Kind, Result};

impl Plan {
    /// The plan as bytes (postcard, the version first).
    ///
    /// # Errors
    /// [`Kind::Source`] if the plan reads an array of this process or a source of the user's, or
    /// calls a function of this process, which cannot travel.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        for source in &self.sources {
            let (what, node) = match &source.place {
                Place::Memory { .. } => ("an array in memory", "memory array".to_owned()),
                Place::Stored {
                    uri, user: Some(_), ..
                } => ("a source of the user's own", format!("read {uri:?}")),
                Place::Stored { .. } | Place::Literal { .. } => continue,
            };
            let message = format!("a plan that reads {what} cannot travel");
            return Err(Error::new(Kind::Source, message)
                .fact("node", format!("{node} {}{:?}", source.dtype, source.shape))
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
    /// [`Kind::Parse`] for bytes that are no plan, or one of another version; those of
    /// [`Plan::check`].
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
        plan.check()?;
        Ok(plan)
    }
}
