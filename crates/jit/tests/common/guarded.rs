//! Memory between two pages that fault.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    reason = "page protection is a system call"
)]

use super::Against;
use tilewright_kernel::RawBuffer;

const PAGE: usize = 4096;

/// Some bytes with an unmapped page before and after.
pub struct Guarded {
    base: *mut u8,
    mapped: usize,
    offset: usize,
    len: usize,
}

impl Guarded {
    pub fn new(contents: &[u8], against: Against) -> Guarded {
        let inner = contents.len().next_multiple_of(PAGE).max(PAGE);
        let mapped = inner + 2 * PAGE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a fresh private mapping, at an address of the system's choice.
        let base =
            unsafe { libc::mmap(std::ptr::null_mut(), mapped, libc::PROT_NONE, flags, -1, 0) };
        assert_ne!(base, libc::MAP_FAILED);
        let base = base.cast::<u8>();
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: the pages between the first and the last are within the mapping.
        assert_eq!(
            unsafe { libc::mprotect(base.add(PAGE).cast(), inner, access) },
            0
        );
        let offset = match against {
            Against::Start => PAGE,
            Against::End => PAGE + inner - contents.len(),
        };
        let mut guarded = Guarded {
            base,
            mapped,
            offset,
            len: contents.len(),
        };
        guarded.bytes_mut().copy_from_slice(contents);
        guarded
    }

    pub fn raw(&mut self) -> RawBuffer {
        RawBuffer {
            ptr: self.bytes_mut().as_mut_ptr(),
            len: self.len,
        }
    }

    pub fn bytes(&self) -> &[u8] {
        // SAFETY: these bytes are mapped, readable and ours.
        unsafe { std::slice::from_raw_parts(self.base.add(self.offset), self.len) }
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: these bytes are mapped, writable and ours.
        unsafe { std::slice::from_raw_parts_mut(self.base.add(self.offset), self.len) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping that `new` made, unmapped once.
        unsafe { libc::munmap(self.base.cast(), self.mapped) };
    }
}
