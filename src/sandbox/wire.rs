//! Connections that can be cut: in the middle of an answer by a fault, all of them when the sandbox stops.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// How much of the coming answer may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// All of it.
    Whole,
    /// The head and this many bytes of the body.
    HeadAnd(usize),
    /// This many bytes.
    Bytes(usize),
}

/// The scissors of one connection; a handler gets them as connection info.
#[derive(Debug, Clone)]
pub(super) struct Cut(Arc<Mutex<Limit>>);

impl Cut {
    /// Nothing leaves any more.
    pub(super) fn now(&self) {
        *self.0.lock() = Limit::Bytes(0);
    }

    /// The head of the next answer leaves, and `bytes` of its body.
    pub(super) fn in_body(&self, bytes: usize) {
        *self.0.lock() = Limit::HeadAnd(bytes);
    }

    /// How many bytes at the front of `buf` may leave.
    fn allowed(&self, buf: &[u8]) -> usize {
        let mut limit = self.0.lock();
        if let Limit::HeadAnd(bytes) = *limit
            && let Some(end) = buf.windows(4).position(|four| four == b"\r\n\r\n")
        {
            *limit = Limit::Bytes(end + 4 + bytes);
        }
        match *limit {
            Limit::Whole | Limit::HeadAnd(_) => buf.len(),
            Limit::Bytes(left) => left.min(buf.len()),
        }
    }

    fn left(&self, written: usize) {
        if let Limit::Bytes(left) = &mut *self.0.lock() {
            *left = left.saturating_sub(written);
        }
    }
}

impl Connected<IncomingStream<'_, Door>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().cut.clone()
    }
}

/// A listener whose connections end with `stop`.
pub(super) struct Door {
    pub(super) listener: TcpListener,
    pub(super) stop: CancellationToken,
}

impl axum::serve::Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
        // Without it answers wait for acknowledgements; a socket that refuses the option still works.
        let _ = stream.set_nodelay(true);
        let stopped = Box::pin(self.stop.clone().cancelled_owned());
        (Wire { stream, cut: Cut(Arc::new(Mutex::new(Limit::Whole))), stopped }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection.
pub(super) struct Wire {
    stream: TcpStream,
    cut: Cut,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.stopped.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = self.cut.allowed(buf);
        if allowed == 0 && !buf.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, &buf[..allowed]);
        if let Poll::Ready(Ok(count)) = written {
            self.cut.left(count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
