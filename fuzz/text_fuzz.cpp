// Text as it comes from outside: checks, normal forms, names and encodings.
#include "base/text.hpp"

#include "fuzz_input.hpp"

using namespace preau;

namespace {

void check_unicode(std::string_view text) {
    auto key = sort_key(text); // junk is ordered too
    PREAU_ASSERT(key.size() <= 192);
    PREAU_ASSERT(key.find_first_not_of("0123456789abcdefghijklmnopqrstuv") == std::string::npos);
    if (!valid_utf8(text)) return;
    PREAU_ASSERT(!text.contains('\0'));
    auto composed = to_nfc(text);
    PREAU_ASSERT(valid_utf8(composed));
    PREAU_ASSERT(to_nfc(composed) == composed);
    auto folded = fold_case(text);
    PREAU_ASSERT(valid_utf8(folded));
    PREAU_ASSERT(fold_case(composed) == folded);
    if (text.size() < 300) PREAU_ASSERT(sort_key(composed) == key);
    for (std::size_t bytes : {text.size() / 2, text.size() / 3}) {
        auto cut = cut_to_bytes(text, bytes);
        PREAU_ASSERT(cut.size() <= bytes && cut.size() + 4 > bytes && valid_utf8(cut));
    }
    PREAU_ASSERT(valid_utf8(trimmed(text)));
}

void check_names(std::string_view text) {
    auto name = check_name(text);
    if (name) {
        PREAU_ASSERT(!name->empty() && name->size() <= 255 && !name->contains('/') && valid_utf8(*name));
        PREAU_ASSERT(*name != "." && *name != "..");
        PREAU_ASSERT(check_name(*name) == *name);
        auto numbered = numbered_name(*name, 17);
        PREAU_ASSERT(check_name(numbered) == numbered && numbered != *name);
    }
    auto line = check_line(text, "title", 1, 80);
    if (line) PREAU_ASSERT(code_points(*line) <= 80 && check_line(*line, "title", 1, 80) == *line);
}

void check_encodings(std::string_view bytes) {
    PREAU_ASSERT(percent_decode(percent_encode(bytes)) == bytes);
    PREAU_ASSERT(base64url_decode(base64url(bytes)) == bytes);
    PREAU_ASSERT(hex_decode(hex(bytes)) == bytes);
    // What is accepted has one spelling.
    if (auto decoded = base64url_decode(bytes)) PREAU_ASSERT(base64url(*decoded) == bytes);
    if (auto decoded = hex_decode(bytes)) PREAU_ASSERT(hex(*decoded) == to_lower_ascii(bytes));
    if (auto decoded = base64_decode(bytes)) PREAU_ASSERT(base64url(*decoded).size() <= bytes.size());
    if (auto decoded = percent_decode(bytes, Plus::Blank)) PREAU_ASSERT(decoded->size() <= bytes.size());
    PREAU_ASSERT(escape_html(bytes).find_first_of("<>\"'") == std::string::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::text_of(data, size);
    check_unicode(text);
    check_names(text);
    check_encodings(text);
    return 0;
}
