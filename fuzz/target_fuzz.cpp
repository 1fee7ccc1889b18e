// Paths and queries: what is accepted leads nowhere else when it is written and read again.
#include "http/target.hpp"

#include "base/text.hpp"
#include "fuzz_input.hpp"

using namespace preau;

namespace {

std::string encoded_path(std::string_view path) {
    std::string out;
    for (auto segment : split(path.substr(1), '/')) out += "/" + percent_encode(segment);
    return out;
}

std::string encoded_fields(const http::Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) out += percent_encode(name) + "=" + percent_encode(value) + "&";
    return out;
}

void check_target(std::string_view text) {
    auto target = http::split_target(text);
    if (!target) return;
    PREAU_ASSERT(target->path.starts_with('/') && valid_utf8(target->path) && !target->path.contains('\\'));
    for (auto segment : split(target->path, '/')) PREAU_ASSERT(segment != "." && segment != "..");
    PREAU_ASSERT(!target->path.contains("//"));
    auto again = http::split_target(encoded_path(target->path) + "?" + encoded_fields(target->query));
    PREAU_ASSERT(again.has_value());
    PREAU_ASSERT(again->path == target->path && again->query == target->query);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::text_of(data, size);
    check_target(text);
    check_target("/" + std::string{text});
    auto fields = http::parse_urlencoded(text);
    if (!fields) return 0;
    PREAU_ASSERT(fields->size() <= 1000);
    for (const auto& [name, value] : *fields) PREAU_ASSERT(valid_utf8(name) && valid_utf8(value));
    PREAU_ASSERT(http::parse_urlencoded(encoded_fields(*fields)) == *fields);
    return 0;
}
