// JSON from outside: read without harm, and what we write of it reads the same again.
#include "base/json.hpp"

#include "base/text.hpp"
#include "fuzz_input.hpp"

using namespace preau;

namespace {

// Writes a value again, with what the reader offers. Answers how many values it holds.
std::size_t write_again(const json::Value& value, int level, std::string& out) {
    PREAU_ASSERT(level <= 33);
    if (!value.present()) return out += "null", 1;
    if (auto text = value.text()) return json::write(out, *text), 1;
    if (auto flag = value.boolean()) return json::write(out, *flag), 1;
    if (auto number = value.integer()) return json::write(out, *number), 1;
    // Not the number itself: Boost.JSON 1.81 reads the last digit of a double inexactly.
    if (value.number()) return json::write(out, 0.5), 1;
    std::size_t count = 1;
    auto names = value.names();
    const bool object = !names.empty();
    out += object ? '{' : '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (i) out += ',';
        if (object) json::write(out, names[i]), out += ':';
        count += write_again(object ? value[names[i]] : value.at(i), level + 1, out);
    }
    out += object ? '}' : ']';
    return count;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::text_of(data, size);
    auto quoted = json::parse(json::text_of(text));
    PREAU_ASSERT(quoted.has_value());
    if (valid_utf8(text)) PREAU_ASSERT(quoted->text() == text);

    auto value = json::parse(text);
    if (!value) return 0;
    std::string once;
    PREAU_ASSERT(write_again(*value, 0, once) <= size);
    auto again = json::parse(once);
    PREAU_ASSERT(again.has_value());
    std::string twice;
    write_again(*again, 0, twice);
    PREAU_ASSERT(once == twice);
    return 0;
}
