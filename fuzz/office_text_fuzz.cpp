// Words of office documents. What begins with "PK" is an archive as it is; of anything else the first line names an
// entry and the rest is its XML, packed here with the right sums: else no change of a byte would pass the archive's
// check.
#include "exit_status.hpp"
#include "input.hpp"
#include "office_text.hpp"
#include "stored_zip.hpp"

#include "base/text.hpp"
#include "fuzz_input.hpp"

using namespace preau;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    convert::prepare_office_text();
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::text_of(data, size);
    std::string document{input};
    if (!input.starts_with("PK")) {
        auto name = fuzz::take_line(input);
        if (name.size() > 255) return 0;
        document = preview::stored_zip({{std::string{name}, std::string{input}}, {"mimetype", "x"}});
    }
    try {
        auto words = convert::office_text(document);
        PREAU_ASSERT(words.size() <= convert::most_text);
        PREAU_ASSERT(valid_utf8(words));
    } catch (const convert::Refusal& refusal) {
        PREAU_ASSERT(refusal.status == convert::unreadable || refusal.status == convert::too_large);
        PREAU_ASSERT(!refusal.words.empty());
    }
    return 0;
}
