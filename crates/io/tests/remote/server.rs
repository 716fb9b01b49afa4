//! A server on the loopback interface that does wrong what it is told to.
//!
//! It speaks enough HTTP/1.1 for files with ranges and tags, and enough of S3 for a bucket. Every
//! connection serves one request.

use super::s3;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// No answer comes.
    Stall,
    /// Half of the body comes, then nothing.
    StallWithin,
    /// Half of the body comes, then the connection ends.
    Reset,
    /// The connection ends before an answer.
    Hangup,
    /// The answer says itself that it has half of what was asked for.
    Short,
    /// The body comes a byte at a time, slowly.
    Trickle,
    /// A status and no file.
    Status(u16),
    /// Ranges are passed over: the whole file comes.
    NoRanges,
    /// Other bytes than were asked for.
    OtherRange,
    /// The tag is another one.
    OtherTag,
    /// The place is said to be elsewhere: here.
    Redirect,
    /// No tag, no time of the last change.
    NoTags,
}

/// A fault, where a request's line contains a text, so many times.
struct Planted {
    within: String,
    fault: Fault,
    times: usize,
}

#[derive(Default)]
struct State {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    faults: Mutex<Vec<Planted>>,
    lines: Mutex<Vec<String>>,
    signature: Mutex<Option<String>>,
    sent: AtomicU64,
    ended: AtomicBool,
    at_once: AtomicU64,
    most_at_once: AtomicU64,
}

/// A server; dropping it ends it.
pub struct Server {
    address: String,
    state: Arc<State>,
}

impl Server {
    pub fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(State::default());
        let shared = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.ended.load(SeqCst) {
                    return;
                }
                let shared = shared.clone();
                thread::spawn(move || {
                    let now = shared.at_once.fetch_add(1, SeqCst) + 1;
                    shared.most_at_once.fetch_max(now, SeqCst);
                    // A client that goes away is no failure of the test.
                    let _ = stream.map(|stream| serve(&shared, stream));
                    shared.at_once.fetch_sub(1, SeqCst);
                });
            }
        });
        Server { address, state }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn uri(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        let mut files = self.state.files.lock().unwrap();
        files.insert(format!("/{path}"), bytes.to_vec());
    }

    pub fn get(&self, path: &str) -> Option<Vec<u8>> {
        let files = self.state.files.lock().unwrap();
        files.get(&format!("/{path}")).cloned()
    }

    pub fn remove(&self, path: &str) {
        self.state.files.lock().unwrap().remove(&format!("/{path}"));
    }

    pub fn names(&self) -> Vec<String> {
        self.state.files.lock().unwrap().keys().cloned().collect()
    }

    /// Serves every file below a directory.
    pub fn put_all(&self, path: &str, directory: &Path) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{path}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                self.put_all(&path, &entry.path());
            } else {
                self.put(&path, &std::fs::read(entry.path()).unwrap());
            }
        }
    }

    pub fn plant(&self, within: &str, fault: Fault, times: usize) {
        let planted = Planted {
            within: within.to_owned(),
            fault,
            times,
        };
        self.state.faults.lock().unwrap().push(planted);
    }

    /// From now on files are given to those who ask so, by GET, and to nobody else.
    pub fn demand(&self, query: &str) {
        *self.state.signature.lock().unwrap() = Some(query.to_owned());
    }

    /// Takes away the faults that were planted there: other tests have theirs.
    pub fn heal(&self, within: &str) {
        let mut faults = self.state.faults.lock().unwrap();
        faults.retain(|planted| planted.within != within);
    }

    /// Bytes of bodies sent since the last time this was asked.
    pub fn sent(&self) -> u64 {
        self.state.sent.swap(0, SeqCst)
    }

    /// The lines of requests since the last time this was asked.
    pub fn lines(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lines.lock().unwrap())
    }

    pub fn most_at_once(&self) -> u64 {
        self.state.most_at_once.load(SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.ended.store(true, SeqCst);
        let _ = TcpStream::connect(&self.address);
    }
}

/// A request.
struct Request {
    method: String,
    path: String,
    query: String,
    range: Option<(usize, usize)>,
    /// Whose bytes are to be written.
    copied: Option<String>,
    body: Vec<u8>,
}

fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.extend(byte);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let headers: BTreeMap<String, &str> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let len = headers
        .get("content-length")
        .map_or(0, |len| len.parse().unwrap());
    let mut body = vec![0; len];
    stream.read_exact(&mut body).ok()?;
    let range = headers.get("range").map(|range| {
        let (from, to) = range
            .strip_prefix("bytes=")
            .unwrap()
            .split_once('-')
            .unwrap();
        (
            from.parse().unwrap(),
            to.parse().map_or(usize::MAX, |to: usize| to + 1),
        )
    });
    let copied = headers.get("x-amz-copy-source");
    let copied = copied.map(|from| format!("/{}", s3::decode(from).trim_start_matches('/')));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Some(Request {
        method,
        path: s3::decode(path),
        query: query.to_owned(),
        range,
        copied,
        body,
    })
}

fn serve(state: &State, mut stream: TcpStream) -> std::io::Result<()> {
    let Some(request) = read_request(&mut stream) else {
        return Ok(());
    };
    let line = format!("{} {}", request.method, request.path);
    state.lines.lock().unwrap().push(line.clone());
    let fault = {
        let mut faults = state.faults.lock().unwrap();
        let planted = faults
            .iter_mut()
            .find(|planted| planted.times > 0 && line.contains(&planted.within));
        planted.map(|planted| {
            planted.times = planted.times.saturating_sub(1);
            planted.fault
        })
    };
    let answer = |stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]| {
        let len = body.len();
        let head = format!(
            "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {len}\r\n{headers}\r\n"
        );
        stream.write_all(head.as_bytes())?;
        state.sent.fetch_add(body.len() as u64, SeqCst);
        stream.write_all(body)
    };
    match fault {
        Some(Fault::Stall) => return stall(state),
        Some(Fault::Hangup) => return stream.shutdown(Shutdown::Both),
        Some(Fault::Status(status)) => return answer(&mut stream, status, "", b""),
        Some(Fault::Redirect) => {
            let location = format!("location: {}\r\n", request.path);
            return answer(&mut stream, 302, &location, b"");
        }
        _ => {}
    }
    if let Some(signature) = &*state.signature.lock().unwrap()
        && (&request.query, request.method.as_str()) != (signature, "GET")
    {
        return answer(&mut stream, 403, "", b"");
    }
    match request.method.as_str() {
        "PUT" => {
            let mut files = state.files.lock().unwrap();
            let bytes = match request.copied {
                Some(from) => files.get(&from).unwrap().clone(),
                None => request.body,
            };
            files.insert(request.path, bytes);
            return answer(&mut stream, 200, "etag: \"new\"\r\n", b"");
        }
        "POST" if request.query.starts_with("delete") => {
            let mut files = state.files.lock().unwrap();
            let gone = s3::remove(&mut files, &request.path, &request.body);
            return answer(&mut stream, 200, "", gone.as_bytes());
        }
        "GET" if request.query.contains("list-type=2") => {
            let files = &state.files.lock().unwrap();
            return answer(
                &mut stream,
                200,
                "",
                s3::list(files, &request.path, &request.query).as_bytes(),
            );
        }
        _ => {}
    }
    let file = state.files.lock().unwrap().get(&request.path).cloned();
    let Some(file) = file else {
        return answer(&mut stream, 404, "", b"");
    };
    let size = file.len();
    let mut headers = match fault {
        Some(Fault::OtherTag) => "etag: \"other\"\r\n".to_owned(),
        Some(Fault::NoTags) => String::new(),
        _ => format!("etag: \"{:x}\"\r\n", hash(&file)),
    };
    let range = request.range.filter(|_| fault != Some(Fault::NoRanges));
    let (status, from, to) = match range {
        None => (200, 0, size),
        Some((from, to)) if from < size => {
            let to = to.min(size);
            let moved = usize::from(fault == Some(Fault::OtherRange));
            headers += &format!(
                "content-range: bytes {}-{}/{size}\r\n",
                from + moved,
                to - 1 + moved
            );
            (206, from, to)
        }
        Some(_) => return answer(&mut stream, 416, "", b""),
    };
    let body = &file[from..to];
    if request.method == "HEAD" {
        let head = format!(
            "HTTP/1.1 200 X\r\nconnection: close\r\ncontent-length: {size}\r\n{headers}\r\n"
        );
        return stream.write_all(head.as_bytes());
    }
    let half = &body[..body.len() / 2];
    let head = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    match fault {
        Some(Fault::Short) => answer(&mut stream, status, &headers, half),
        Some(Fault::StallWithin | Fault::Reset) => {
            stream.write_all(head.as_bytes())?;
            stream.write_all(half)?;
            state.sent.fetch_add(half.len() as u64, SeqCst);
            if fault == Some(Fault::Reset) {
                return stream.shutdown(Shutdown::Both);
            }
            stall(state)
        }
        Some(Fault::Trickle) => {
            stream.write_all(head.as_bytes())?;
            for byte in body {
                stream.write_all(&[*byte])?;
                thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
        _ => answer(&mut stream, status, &headers, body),
    }
}

/// Does nothing until the server ends.
fn stall(state: &State) -> std::io::Result<()> {
    while !state.ended.load(SeqCst) {
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
