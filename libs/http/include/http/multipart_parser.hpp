// multipart/form-data (RFC 7578) as a pure state machine: bytes in, events out, no I/O and no memory of the body. The
// caller keeps what a step did not consume and calls again with more behind it.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace preau::http {

struct Part {
    std::string name;
    std::optional<std::string> filename; // present for file inputs, also when empty; without folders
    std::string type;                    // media type as sent, not to be believed
};

// The boundary of a Content-Type header (RFC 2046 §5.1.1: 1 to 70 characters). Errors: http.multipart_malformed.
Result<std::string> multipart_boundary(std::string_view content_type);

class MultipartParser {
public:
    static constexpr std::size_t most_header_bytes = 16 * 1024;
    static constexpr int most_parts = 1000;

    enum class Event {
        NeedMore,   // nothing can be said about the rest of the input yet; it is at most `most_header_bytes` long
        PartBegins, // `part()` is filled
        Data,       // `data` belongs to the part
        PartEnds,
        End,        // the closing boundary; what follows is ignored
        Malformed,  // and stays so
    };
    struct Step {
        Event event = Event::NeedMore;
        std::size_t consumed = 0;
        std::string_view data = {}; // a view of the input
    };

    explicit MultipartParser(std::string_view boundary);
    Step step(std::string_view input);
    const Part& part() const { return part_; }

private:
    enum class State { Preamble, AfterBoundary, Header, Body, Done, Broken };
    Step preamble(std::string_view input);
    Step after_boundary(std::string_view input);
    Step header(std::string_view input);
    Step body(std::string_view input);
    Step broken();
    bool read_header(std::string_view lines);

    std::string delimiter_; // "\r\n--boundary"
    State state_ = State::Preamble;
    bool at_start_ = true; // the first boundary may stand at the very start, without a line end before it
    int parts_ = 0;
    Part part_;
};

} // namespace preau::http
