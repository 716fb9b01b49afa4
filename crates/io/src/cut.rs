//! What becomes of a task that reads a mapped file which was cut short, or cannot be read, meanwhile?
//!
//! The system says so by SIGBUS, which would end the process. From the first map on a handler takes
//! it: zeros take the place of the map, which is marked; who has read it asks for the mark before what
//! it read is believed. Faults elsewhere go to the handler that was there before. Absent: the error,
//! which is the source's.

use libc::{c_int, c_void, sigaction, siginfo_t};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A map that is watched. Never freed, since a handler may look at it at any time; used again.
#[derive(Debug, Default)]
pub struct Watch {
    /// Where the map starts; 0 if nothing is watched.
    start: AtomicUsize,
    bytes: AtomicUsize,
    cut: AtomicBool,
    next: AtomicPtr<Watch>,
}

/// All that were ever made.
static FIRST: AtomicPtr<Watch> = AtomicPtr::new(std::ptr::null_mut());

/// Those that watch nothing.
static FREE: Mutex<Vec<&'static Watch>> = Mutex::new(Vec::new());

/// What happened on a fault before.
static BEFORE: OnceLock<sigaction> = OnceLock::new();

/// Watches a map of so many bytes.
pub fn watch(start: usize, bytes: usize) -> &'static Watch {
    BEFORE.get_or_init(install);
    let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let watch = free.unwrap_or_else(added);
    watch.cut.store(false, SeqCst);
    watch.bytes.store(bytes, SeqCst);
    watch.start.store(start, SeqCst);
    watch
}

fn added() -> &'static Watch {
    let watch = Box::leak(Box::<Watch>::default());
    let made = std::ptr::from_mut(watch);
    let chain = |first| {
        watch.next.store(first, SeqCst);
        Some(made)
    };
    let _ = FIRST.fetch_update(SeqCst, SeqCst, chain);
    watch
}

impl Watch {
    /// Whether some of what was read of the map may have been zeros in the place of a file's bytes.
    pub fn is_cut(&self) -> bool {
        self.cut.load(SeqCst)
    }

    /// Forgets the map, before it goes away.
    pub fn end(&'static self) {
        self.start.store(0, SeqCst);
        FREE.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(self);
    }

    /// The map, if `address` is in it.
    fn map_of(&self, address: usize) -> Option<(usize, usize)> {
        let start = self.start.load(SeqCst);
        let bytes = self.bytes.load(SeqCst);
        let inside = start != 0 && address >= start && address - start < bytes;
        // It may have become another's meanwhile.
        (inside && self.start.load(SeqCst) == start).then_some((start, bytes))
    }
}

/// Puts the handler in the place of what it gives.
#[allow(unsafe_code, reason = "a signal is taken from the system")]
fn install() -> sigaction {
    // SAFETY: a sigaction is plain numbers, for which zeros are valid; the system fills the first and
    // reads the second. The handler calls nothing that a handler must not.
    unsafe {
        let mut before: sigaction = std::mem::zeroed();
        let mut ours: sigaction = std::mem::zeroed();
        ours.sa_sigaction = on_fault as *const () as usize;
        // On the stack that a thread keeps for it, as the handler of overflown stacks wants it.
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        sigaction(libc::SIGBUS, &raw const ours, &raw mut before);
        before
    }
}

/// Takes a fault. Only atomics are touched and system calls made.
#[allow(
    unsafe_code,
    reason = "what the system says of a fault stands behind a pointer"
)]
extern "C" fn on_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the system gives what it says of the signal; `si_addr` is there where it comes from a
    // fault, and is not used otherwise.
    let (fault, address) = unsafe { ((*info).si_code > 0, (*info).si_addr() as usize) };
    if !(fault && replaced(address)) {
        pass_on(signal, info, context, fault);
    }
}

/// Puts zeros into the place of the map in which `address` is, if it is in one.
#[allow(unsafe_code, reason = "memory is put in the place of a map")]
fn replaced(address: usize) -> bool {
    let mut next = FIRST.load(SeqCst);
    // SAFETY: what is chained is never freed.
    while let Some(watch) = unsafe { next.as_ref() } {
        if let Some((start, bytes)) = watch.map_of(address) {
            watch.cut.store(true, SeqCst);
            let flags = libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_FIXED | libc::MAP_NORESERVE;
            // SAFETY: the map lives while it is read, which it is now; its pages are replaced as one,
            // by as many that can be read likewise.
            let zeros =
                unsafe { libc::mmap(start as *mut c_void, bytes, libc::PROT_READ, flags, -1, 0) };
            return zeros != libc::MAP_FAILED;
        }
        next = watch.next.load(SeqCst);
    }
    false
}

/// Does what would have been done without this handler.
#[allow(unsafe_code, reason = "handlers are numbers to the system")]
fn pass_on(signal: c_int, info: *mut siginfo_t, context: *mut c_void, fault: bool) {
    let before = BEFORE.get();
    let handler = before.map_or(libc::SIG_DFL, |before| before.sa_sigaction);
    let informed = before.is_some_and(|before| before.sa_flags & libc::SA_SIGINFO != 0);
    // SAFETY: a number that is neither the default nor "ignore" is a function that somebody has
    // registered for this signal, of the type that the flags say; it is called as the system would.
    unsafe {
        match handler {
            libc::SIG_IGN if !fault => {}
            libc::SIG_DFL | libc::SIG_IGN => {
                let mut default: sigaction = std::mem::zeroed();
                default.sa_sigaction = libc::SIG_DFL;
                sigaction(signal, &raw const default, std::ptr::null_mut());
                libc::raise(signal);
            }
            handler if informed => {
                let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) =
                    std::mem::transmute(handler);
                handler(signal, info, context);
            }
            handler => {
                let handler: extern "C" fn(c_int) = std::mem::transmute(handler);
                handler(signal);
            }
        }
    }
}
