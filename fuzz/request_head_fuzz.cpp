// The head of a request: nothing that two parsers could read in two ways gets through.
#include "http/head.hpp"

#include "fuzz_input.hpp"

using namespace preau;

namespace {

bool has_control(std::string_view text) {
    return std::ranges::any_of(text,
                               [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

void check(std::string_view text) {
    constexpr std::size_t most_target_bytes = 2048;
    // As the connection hands it over: up to the first empty line, whatever follows.
    if (auto end = text.find("\r\n\r\n"); end != std::string_view::npos) text = text.substr(0, end + 4);
    auto head = http::parse_head(text, most_target_bytes);
    if (!head) return;
    PREAU_ASSERT(!(head->chunked && head->content_length));
    PREAU_ASSERT(!head->target.empty() && head->target.size() <= most_target_bytes + 32);
    PREAU_ASSERT(!has_control(head->target) && !head->target.contains(' '));
    PREAU_ASSERT(head->headers.has("host"));
    for (const auto& [name, value] : head->headers.all()) {
        PREAU_ASSERT(!name.empty() && !has_control(name) && name.find_first_of(" \t:") == std::string::npos);
        PREAU_ASSERT(!has_control(value));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::text_of(data, size);
    check(text);
    check(std::string{text} + "\r\n\r\n");
    check("GET / HTTP/1.1\r\nHost: localhost\r\n" + std::string{text} + "\r\n\r\n");
    return 0;
}
