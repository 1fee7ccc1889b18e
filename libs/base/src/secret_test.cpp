#include "base/secret.hpp"

#include "base/text.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace preau;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span{text}); }

std::string unhex(std::string_view text) { return hex_decode(text).value(); }

} // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
    CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(sha256(std::string(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a digest does not depend on how the bytes came") {
    const std::string text(10'000, 'x');
    for (std::size_t piece : {1U, 63U, 64U, 65U, 4096U}) {
        Sha256 digest;
        for (std::size_t at = 0; at < text.size(); at += piece)
            digest.update(bytes_of(std::string_view{text}.substr(at, piece)));
        CHECK(digest.finish() == sha256(text));
    }
    Sha256 moved_from;
    moved_from.update(bytes_of("ab"));
    Sha256 moved_to{std::move(moved_from)};
    moved_to.update(bytes_of("c"));
    CHECK(moved_to.finish() == sha256("abc"));
}

TEST_CASE("HMAC-SHA-256 gives the tags of RFC 4231") {
    CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex(hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd'))) ==
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK(hex(hmac_sha256(unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'))) ==
          "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    CHECK(hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("secrets are the same only byte for byte") {
    CHECK(same_secret("", ""));
    CHECK(same_secret("abc", "abc"));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("abc", "ab"));
    CHECK_FALSE(same_secret("", "a"));
}

TEST_CASE("tokens are as long as asked, fit into an address and do not repeat") {
    SystemRandom random;
    CHECK(random.token(32).size() == 43);
    CHECK(random.token(16).size() == 22);
    CHECK(base64url_decode(random.token(33)).value().size() == 33);
    std::set<std::string> tokens;
    for (int i = 0; i < 1000; ++i) tokens.insert(random.token(16));
    CHECK(tokens.size() == 1000);
}
