//! Encryption and signatures, with the vectors that were computed by another implementation.

use aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use dingraia::callback::{Crypto, Refused, card_signature, is_card, is_message, message_signature};
use dingraia::config::CallBack;
use proptest::prelude::{any, proptest};

use crate::fuzz::cases;
const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

fn crypto(aes_key: &str, token: &str, owner: &str) -> Crypto {
    Crypto::new(&CallBack { aes_key: aes_key.into(), token: token.into(), app_key: owner.into() }).unwrap()
}

fn ours() -> Crypto {
    crypto(AES_KEY, "dingtalkToken01", "dingtestappkey0001")
}

/// message, random, timestamp, nonce, encrypt, signature
const VECTORS: [[&str; 6]; 3] = [
    [
        r#"{"EventType":"check_url"}"#,
        "0123456789abcdef",
        "1700000000000",
        "nonceABCDEFG1234",
        "Q3stYC6hdFzMh9T8HCvyDLV8JeomtQuxZLosYEI28mjzSD5UpK2hp0QUc4H6M/N59oD4Vm0Q72L/7psFFeLGWg==",
        "f6ce41ce82fbae879730840983ed2a50f21f15fe",
    ],
    [
        "success",
        "fedcba9876543210",
        "1700000000123",
        "Zz9Yy8Xx7Ww6Vv5U",
        "DpQeJfnf/MGZ/+GTIspwVIrytpxseNieWpwBrdmfR/brf964LVtvBkJl69zSNRcJ6w0NKZoOilgOBVdJaGmXLQ==",
        "9296356325d8a6f09750c290019563230b3589e4",
    ],
    [
        r#"{"EventType":"chat_update_title","Title":"测试群","CorpId":"dingtestcorp0001"}"#,
        "ABCDEFGHIJKLMNOP",
        "1700000000456",
        "qwertyUIOP123456",
        "ECb94sC68hxnidW1ycQhswEQQxDJGw7HZ6yZy9s4HAyRVmjCjN9SwHcoJULDE8LLMKlGaCvq1X+WCXqVU/O8ul6UTTzEKBGPwiWdMkKZ+7SbCqUMt+IXn2Vb7Vdb5hKC/aha9rwJffN6gC2PSCfffTkQeHKBWkGOQ1btcOQw4Yc=",
        "e4a47a8aa6f93dcf1a23a23330ddce9570117749",
    ],
];

#[test]
fn vectors_are_sealed_and_opened() {
    for [message, random, timestamp, nonce, encrypt, signature] in VECTORS {
        let random = random.as_bytes().try_into().unwrap();
        let answer = ours().seal(message, random, timestamp, nonce);
        assert_eq!((answer.encrypt.as_str(), answer.signature.as_str()), (encrypt, signature));
        assert_eq!(ours().open(signature, timestamp, nonce, encrypt).unwrap(), message);
    }
}

#[test]
fn the_official_sample_is_opened() {
    let official = crypto("1234567890123456789012345678901234567890123", "123456", "dingsnotzck6pm5veliw");
    let encrypt = "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==";
    let opened =
        official.open("9a95a004dd16f5c307e849b994173f76aa26e5eb", "1614767836", "A7Co0cJLMzIDtMMI", encrypt);
    assert_eq!(opened.unwrap(), "success");
}

/// Encrypts bytes that are no proper envelope, and signs them.
fn open_raw(bytes: &[u8]) -> Result<String, Refused> {
    let mut bytes = bytes.to_vec();
    let key: [u8; 32] = [
        0x69, 0xb7, 0x1d, 0x79, 0xf8, 0x21, 0x8a, 0x39, 0x25, 0x9a, 0x7a, 0x29, 0xaa, 0xbb, 0x2d, 0xba, 0xfc,
        0x31, 0xcb, 0x3d, 0x35, 0xdb, 0x7e, 0x39, 0xeb, 0xbf, 0x3d, 0x00, 0x10, 0x83, 0x10, 0x51,
    ];
    let iv: [u8; 16] = key[..16].try_into().unwrap();
    let (blocks, _) = aes::Block::slice_as_chunks_mut(&mut bytes);
    cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into()).encrypt_blocks(blocks);
    let encrypt = STANDARD.encode(&bytes);
    ours().open(&ours().signature("1", "n", &encrypt), "1", "n", &encrypt)
}

/// An envelope around `message`, with what is given for its parts.
fn envelope(message: &[u8], length: u32, owner: &str, pad: Option<u8>) -> Vec<u8> {
    let mut bytes = [&[7; 16][..], &length.to_be_bytes(), message, owner.as_bytes()].concat();
    let count = 32 - bytes.len() % 32;
    bytes.resize(bytes.len() + count, pad.unwrap_or(u8::try_from(count).unwrap()));
    bytes
}

#[test]
fn every_check_is_made() {
    let owner = "dingtestappkey0001";
    assert_eq!(open_raw(&envelope(b"hi", 2, owner, None)).unwrap(), "hi");
    // Aligned: a whole block of padding.
    assert_eq!(open_raw(&envelope(&[b'x'; 26], 26, owner, None)).unwrap(), "x".repeat(26));
    assert_eq!(open_raw(&envelope(b"hi", 2, owner, Some(0))), Err(Refused::Padding));
    assert_eq!(open_raw(&envelope(b"hi", 2, owner, Some(33))), Err(Refused::Padding));
    let mut mixed = envelope(b"hi", 2, owner, None);
    let before_last = mixed.len() - 2;
    mixed[before_last] ^= 1;
    assert_eq!(open_raw(&mixed), Err(Refused::Padding));
    assert_eq!(open_raw(&envelope(b"hi", 200, owner, None)), Err(Refused::Length));
    assert_eq!(open_raw(&envelope(b"hi", u32::MAX, owner, None)), Err(Refused::Length));
    assert_eq!(open_raw(&[16; 16]), Err(Refused::Length), "nothing but padding");
    assert_eq!(open_raw(&[32; 32]), Err(Refused::Length), "nothing but padding");
    assert_eq!(open_raw(&envelope(b"hi", 2, "dingtestappkey0002", None)), Err(Refused::Owner));
    assert_eq!(open_raw(&envelope(b"hi", 1, owner, None)), Err(Refused::Owner));
    assert_eq!(open_raw(&envelope(&[0xff, 0xfe], 2, owner, None)), Err(Refused::Encoding));

    let [_, _, timestamp, nonce, encrypt, signature] = VECTORS[0];
    let changed = encrypt.replacen('Q', "R", 1);
    let open = |signature: &str, timestamp: &str, nonce: &str, encrypt: &str| {
        ours().open(signature, timestamp, nonce, encrypt).unwrap_err()
    };
    assert_eq!(open(signature, timestamp, nonce, &changed), Refused::Signature);
    assert_eq!(open(signature, "1700000000001", nonce, encrypt), Refused::Signature);
    assert_eq!(open(signature, timestamp, "other", encrypt), Refused::Signature);
    assert_eq!(open("", timestamp, nonce, encrypt), Refused::Signature);
    for text in ["", "no base64!", "QUJD"] {
        assert_eq!(open(&ours().signature("1", "n", text), "1", "n", text), Refused::Text, "{text}");
    }
    assert_eq!(
        [Refused::Signature, Refused::Padding, Refused::Length, Refused::Owner].map(Refused::code),
        [900_005, 900_008, 900_009, 900_010]
    );
}

#[test]
fn a_wrong_key_is_said() {
    let keys = CallBack { aes_key: "short".into(), token: "t".into(), app_key: "k".into() };
    assert!(Crypto::new(&keys).unwrap_err().to_string().contains("event_callback.aes_key"));
}

#[test]
fn messages_and_cards_are_signed() {
    let secret = "appSecretForTests_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ".into();
    let (timestamp, now) = ("1700000000000", 1_700_000_000_000);
    let sign = "IRtWPmLoG8l1cy00ez6j5Cs2/dYdwEmjgfns4RBo0BY=";
    assert_eq!(message_signature(&secret, timestamp), sign);
    assert!(is_message(&secret, timestamp, sign, now));
    assert!(is_message(&secret, timestamp, sign, now + 3_600_000));
    assert!(!is_message(&secret, timestamp, sign, now + 3_600_001), "old");
    assert!(!is_message(&secret, timestamp, sign, now - 3_600_001), "of the future");
    assert!(!is_message(&secret, "1700000000001", sign, now));
    assert!(!is_message(&secret, timestamp, "", now) && !is_message(&secret, "soon", sign, now));
    let secret = "apiSecretForTests".into();
    let sign = "Sx1lXU7CjxdQ9yIFRd3HHPBjoz0F1R/lpROovZ/BvgA=";
    assert_eq!(card_signature(&secret, timestamp), sign);
    assert!(is_card(&secret, timestamp, sign, now) && !is_card(&secret, timestamp, sign, 0));
}

proptest! {
    #![proptest_config(cases(100_000))]

    /// What is sealed is opened again, and one changed byte of it never is.
    #[test]
    fn sealed_is_opened(message in ".{0,40}", random in any::<[u8; 16]>(), nonce in "[a-zA-Z0-9]{1,16}", flip in any::<usize>()) {
        let sealed = ours().seal(&message, random, "1700000000000", &nonce);
        assert_eq!(ours().open(&sealed.signature, "1700000000000", &nonce, &sealed.encrypt).unwrap(), message);
        let mut other = sealed.encrypt.clone().into_bytes();
        let at = flip % other.len();
        other[at] ^= 1;
        let other = String::from_utf8(other).unwrap();
        assert!(ours().open(&sealed.signature, "1700000000000", &nonce, &other).is_err());
    }

    /// Decrypted rubbish is refused, whatever it is.
    #[test]
    fn rubbish_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let encrypt = STANDARD.encode(&bytes);
        assert!(ours().open(&ours().signature("1", "n", &encrypt), "1", "n", &encrypt).is_err());
        let blocks = bytes.len() / 16 * 16;
        let _ = open_raw(&bytes[..blocks]);
    }
}
