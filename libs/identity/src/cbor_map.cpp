#include "cbor_map.hpp"

#include <cstdint>

namespace preau::identity {
namespace {

constexpr std::size_t most_bytes = 64 * 1024;
constexpr int deepest = 16; // an attestation object nests four deep

enum class Major : unsigned {
    Unsigned = 0,
    Negative = 1,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tag = 6,
    Simple = 7
};

struct Head {
    Major major = Major::Simple;
    std::uint64_t value = 0; // a number, a length, or how many items follow
};

// Reads without building a tree, so that nothing is reserved for what a header promises. Of definite length only:
// CTAP2's canonical form (FIDO CTAP 2.1 §8) knows no other.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_{bytes} {}

    bool done() const { return rest_.empty(); }
    std::optional<Head> head() {
        if (rest_.empty()) return std::nullopt;
        const auto first = static_cast<unsigned char>(rest_.front());
        const unsigned low = first & 31;
        if (low > 27) return std::nullopt; // reserved, or of indefinite length
        const std::size_t extra = low < 24 ? 0 : std::size_t{1} << (low - 24);
        if (rest_.size() - 1 < extra) return std::nullopt;
        Head head{.major = static_cast<Major>(first >> 5), .value = extra == 0 ? low : 0};
        for (std::size_t i = 1; i <= extra; ++i) head.value = head.value << 8 | static_cast<unsigned char>(rest_[i]);
        rest_.remove_prefix(1 + extra);
        return head;
    }
    std::optional<std::string_view> take(std::uint64_t count) {
        if (count > rest_.size()) return std::nullopt;
        auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    bool skip(int depth = 0) {
        auto next = head();
        if (!next || depth > deepest) return false;
        switch (next->major) {
        case Major::Bytes:
        case Major::Text: return take(next->value).has_value();
        case Major::Array: return skip_many(next->value, depth);
        // Twice as many: more than there are bytes, so that doubling cannot wrap around.
        case Major::Map: return next->value <= rest_.size() && skip_many(2 * next->value, depth);
        case Major::Tag: return skip(depth + 1);
        default: return true;
        }
    }

private:
    bool skip_many(std::uint64_t count, int depth) {
        if (count > rest_.size()) return false; // each takes a byte at least
        for (; count > 0; --count)
            if (!skip(depth + 1)) return false;
        return true;
    }
    std::string_view rest_;
};

std::optional<std::string> bytes_in(Reader& reader) {
    auto head = reader.head();
    if (!head || head->major != Major::Bytes) return std::nullopt;
    auto bytes = reader.take(head->value);
    return bytes ? std::optional<std::string>{*bytes} : std::nullopt;
}

} // namespace

std::optional<std::string> cbor_bytes_of(std::string_view bytes, std::string_view key) {
    if (bytes.size() > most_bytes) return std::nullopt;
    Reader reader{bytes};
    auto map = reader.head();
    if (!map || map->major != Major::Map) return std::nullopt;
    std::optional<std::string> found;
    for (auto left = map->value; left > 0; --left) {
        auto name = reader.head();
        if (!name || name->major != Major::Text) return std::nullopt;
        auto text = reader.take(name->value);
        if (!text) return std::nullopt;
        if (*text != key) {
            if (!reader.skip()) return std::nullopt;
        } else {
            if (found) return std::nullopt; // twice: which one would another reader take?
            found = bytes_in(reader);
            if (!found) return std::nullopt;
        }
    }
    return reader.done() ? found : std::nullopt;
}

bool cbor_whole(std::string_view bytes) {
    if (bytes.size() > most_bytes) return false;
    Reader reader{bytes};
    while (!reader.done())
        if (!reader.skip()) return false;
    return true;
}

} // namespace preau::identity
