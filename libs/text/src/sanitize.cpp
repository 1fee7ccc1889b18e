#include "base/fault.hpp"
#include "base/text.hpp"
#include "calm_html.hpp"
#include "html_tree.hpp"
#include "readable.hpp"
#include "strict_html.hpp"
#include "text/markdown.hpp"

namespace preau::text {
namespace {

constexpr int most_rounds = 4;

std::string once(std::string calm) { return clean_html(HtmlTree{std::move(calm)}, longest_rich_text); }

} // namespace

// Cleaned until cleaning changes nothing: what a browser reads of the answer is then exactly what was checked here, and
// tricks that need a second parse (mutation XSS) have had it. Markup that refuses to settle loses its tags. What is
// nested strictly is settled as it stands.
std::string sanitize(std::string_view html) {
    if (fault("sanitiser_off")) return std::string{html};
    auto calm = calm_html(readable(html));
    if (auto clean = strict_html(calm, longest_rich_text)) return *std::move(clean);
    auto clean = once(std::move(calm));
    for (int round = 0; round < most_rounds; ++round) {
        auto again = once(calm_html(clean));
        if (again == clean) return clean;
        clean = std::move(again);
    }
    return once(calm_html(escape_html(html_to_text(clean))));
}

} // namespace preau::text
