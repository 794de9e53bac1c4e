//! The numbers by which the Python framework knows groups and members, made from DingTalk's own ids.

use sha1::Digest;

const BASE: u64 = 1000;

/// The number of a group, from its whole conversation id; 0 when that is empty.
pub fn group_id(conversation_id: &str) -> i64 {
    short(conversation_id)
}

/// The number of a member or a robot, from `senderId`, `chatbotUserId` or `dingtalkId`; 0 when that is empty.
///
/// Only what follows from the last `$` on counts, the `$` included.
pub fn member_id(sender_id: &str) -> i64 {
    short(sender_id.rfind('$').map_or(sender_id, |at| &sender_id[at..]))
}

/// The number of a member of whom an AI assistant tells nothing but the unionId; 0 when that is empty.
pub fn assistant_id(union_id: &str) -> i64 {
    if union_id.is_empty() {
        return 0;
    }
    number(&sha2::Sha256::digest(union_id.as_bytes()), 1_000_000_000_000)
}

fn short(part: &str) -> i64 {
    if part.is_empty() {
        return 0;
    }
    number(&sha1::Sha1::digest(part.as_bytes()), 10_000_000_000)
}

/// The digest as one big-endian integer, modulo `modulus` (at most 2^56, so that a step fits), plus 1000.
fn number(digest: &[u8], modulus: u64) -> i64 {
    let rest = digest.iter().fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % modulus);
    (rest + BASE).cast_signed()
}
