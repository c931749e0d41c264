//! A body must have arrived in time: actix bounds how long headers take, and a body never. What has arrived buys more
//! time, so that a file comes through a slow line too.
//!
//! Nor does it bound how long it goes on reading a chunked body that nobody wants any more (after a refusal, say). It
//! hangs up instead when somebody still holds the unread body as the answer ends, so the answer's own body does.

use std::{
    cell::RefCell,
    future::Future,
    io::ErrorKind,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    Error, HttpMessage,
    body::{BodySize, EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    middleware::Next,
    web::{Bytes, Data},
};
use futures_util::{StreamExt, stream};
use portal_domain::problem::Code;

use crate::app::App;

/// The slowest line that a file may come over, in bytes a second: 6 MiB take six and a half minutes.
const SLOWEST: f64 = 16.0 * 1024.0;

/// A body that is read here and held there.
type Shared = Rc<RefCell<Payload>>;

/// Middleware: whoever reads the body is told when it is late, and who sends what nobody reads is hung up on.
pub async fn middleware(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, impl MessageBody>>, Error> {
    let within = request.app_data::<Data<App>>().map(|app| app.settings.body_deadline);
    let body = request.take_payload();
    let (Some(within), false) = (within, matches!(body, Payload::None)) else {
        request.set_payload(body);
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let body: Shared = Rc::new(RefCell::new(body));
    request.set_payload(timed(body.clone(), within));
    let answer = next.call(request).await?;
    Ok(answer.map_body(|_, answer| EitherBody::right(Holding { answer: Box::pin(answer), _unread: body })))
}

/// An answer's body that holds on to the request's.
struct Holding<B> {
    answer: Pin<Box<B>>,
    _unread: Shared,
}

impl<B: MessageBody> MessageBody for Holding<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.answer.as_ref().get_ref().size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.get_mut().answer.as_mut().poll_next(context)
    }
}

fn timed(body: Shared, within: Duration) -> Payload {
    let mut deadline = Box::pin(tokio::time::sleep(within));
    let stream = stream::poll_fn(move |context| {
        // The deadline is looked at first: a body that drips is as late as one that stalls.
        if deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(PayloadError::Io(ErrorKind::TimedOut.into()))));
        }
        let chunk = body.borrow_mut().poll_next_unpin(context);
        if let Poll::Ready(Some(Ok(bytes))) = &chunk {
            let later = deadline.deadline() + Duration::from_secs_f64(bytes.len() as f64 / SLOWEST);
            deadline.as_mut().reset(later);
        }
        chunk
    });
    Payload::Stream { payload: Box::pin(stream) }
}

/// Why a body could not be read to its end.
pub fn broken(why: &PayloadError) -> Code {
    match why {
        PayloadError::Io(why) if why.kind() == ErrorKind::TimedOut => Code::BodyTooSlow,
        PayloadError::Overflow => Code::PayloadTooLarge,
        _ => Code::BadRequest,
    }
}
