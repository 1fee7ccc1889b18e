// Forms with files: however the network cuts the bytes, the same parts come out. The first line is the Content-Type.
#include "http/multipart_parser.hpp"

#include "fuzz_input.hpp"

#include <vector>

using namespace preau;
using http::MultipartParser;
using Event = MultipartParser::Event;

namespace {

struct Outcome {
    std::vector<std::string> parts; // name, file name and bytes of each
    bool ended = false;
    bool malformed = false;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Returns false when the parser wants no more input.
bool feed(MultipartParser& parser, std::string& kept, Outcome& outcome) {
    while (true) {
        auto step = parser.step(kept);
        PREAU_ASSERT(step.consumed <= kept.size() && step.data.size() <= step.consumed);
        switch (step.event) {
        case Event::PartBegins:
            outcome.parts.push_back(parser.part().name + "|" + parser.part().filename.value_or("-") + "|");
            break;
        case Event::Data: outcome.parts.back().append(step.data); break;
        case Event::PartEnds: outcome.parts.back() += "|whole"; break;
        case Event::End: return outcome.ended = true, false;
        case Event::Malformed: return outcome.malformed = true, false;
        case Event::NeedMore: break;
        }
        kept.erase(0, step.consumed);
        PREAU_ASSERT(outcome.parts.size() <= static_cast<std::size_t>(MultipartParser::most_parts));
        if (step.event != Event::NeedMore) continue;
        PREAU_ASSERT(kept.size() <= MultipartParser::most_header_bytes);
        return true;
    }
}

template <class Cut> Outcome parse(std::string_view boundary, std::string_view body, Cut cut) {
    MultipartParser parser{boundary};
    Outcome outcome;
    std::string kept;
    while (!body.empty()) {
        auto size = cut(body.size());
        kept.append(body.substr(0, size));
        body.remove_prefix(size);
        if (!feed(parser, kept, outcome)) break;
    }
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto body = fuzz::text_of(data, size);
    auto boundary = http::multipart_boundary(fuzz::take_line(body));
    if (!boundary) boundary = "b";
    auto by_one = parse(*boundary, body, [](std::size_t) { return std::size_t{1}; });
    fuzz::Pieces pieces{body};
    auto cut = parse(*boundary, body, [&pieces](std::size_t most) { return pieces.next(most); });
    PREAU_ASSERT(cut == by_one);
    // In one piece, as far as the parser takes it: it may be told more than it keeps.
    auto whole = parse(*boundary, body, [](std::size_t most) { return std::min<std::size_t>(most, 8192); });
    PREAU_ASSERT(whole == by_one);
    return 0;
}
