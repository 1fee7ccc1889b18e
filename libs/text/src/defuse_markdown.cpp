#include "defuse_markdown.hpp"

#include <algorithm>

namespace preau::text {
namespace {

constexpr int most_cells = 100;        // of a row
constexpr int most_containers = 100;   // quotes and list marks that start one line
constexpr int most_images = 1000;      // of a paragraph
constexpr int most_declarations = 500; // of a paragraph: <? and <!

bool blank(char c) { return c == ' ' || c == '\t'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

// Where the mark at the start of `rest` ends ("> ", "- ", "1. "), or 0 where there is none.
std::size_t container_mark(std::string_view rest) {
    std::size_t at = 0;
    if (rest.starts_with('>')) return 1;
    while (at < rest.size() && at < 9 && digit(rest[at])) ++at;
    if (at >= rest.size()) return 0;
    bool mark = at > 0 ? rest[at] == '.' || rest[at] == ')' : rest[at] == '-' || rest[at] == '+' || rest[at] == '*';
    return mark && at + 1 < rest.size() && blank(rest[at + 1]) ? at + 1 : 0;
}

class Defuser {
public:
    Defused of(std::string_view markdown) {
        out_.markdown.reserve(markdown.size() + 64);
        while (!markdown.empty()) {
            auto end = std::min(markdown.find('\n'), markdown.size() - 1) + 1;
            line(markdown.substr(0, end));
            markdown.remove_prefix(end);
        }
        return std::move(out_);
    }

private:
    void line(std::string_view line) {
        if (line.find_first_not_of(" \t>\n") == std::string_view::npos) images_ = declarations_ = 0; // a paragraph ends
        limit_containers(line);
        int cells = 0;
        for (std::size_t at = 0; at < line.size(); ++at) {
            auto rest = line.substr(at);
            // CVE-2023-37463: short rows are filled up to the width of the head.
            if (rest[0] == '|' && ++cells > most_cells) out_.tables = false;
            // CVE-2023-22486: every link looks at all images that are open before it.
            bool image = rest.starts_with("![") && ++images_ > most_images;
            // Each looks for its end as far as the paragraph goes.
            bool declaration = (rest.starts_with("<?") || (rest.starts_with("<!") && !rest.starts_with("<!--"))) &&
                               ++declarations_ > most_declarations;
            if (image || declaration) out_.markdown += '\\';
            out_.markdown += rest[0];
        }
    }

    // Each opens a block in the one before: after a hundred the next is made text.
    void limit_containers(std::string_view& line) {
        std::size_t at = 0;
        for (int containers = 0;; ++containers) {
            while (at < line.size() && blank(line[at])) ++at;
            auto mark = container_mark(line.substr(at));
            if (mark == 0) return;
            if (containers == most_containers) break;
            at += mark;
        }
        (out_.markdown += line.substr(0, at)) += '\\';
        line.remove_prefix(at);
    }

    Defused out_;
    int images_ = 0;
    int declarations_ = 0;
};

} // namespace

Defused defuse_markdown(std::string_view markdown) { return Defuser{}.of(markdown); }

} // namespace preau::text
