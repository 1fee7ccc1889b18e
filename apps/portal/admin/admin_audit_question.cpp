#include "portal/admin/admin_audit.hpp"

#include "base/text.hpp"
#include "identity/people.hpp"
#include "web/day.hpp"

namespace preau::portal {
namespace {

// Where the day before ends. A day and a half before the end of a day is somewhere in the one before, whatever the
// clocks do.
std::optional<Millis> beginning_of_day(const std::string& day, std::string_view zone) {
    auto end = web::end_of_day(day, zone);
    return end ? web::end_of_day(web::day_before(*end - 36_h, zone), zone) : std::nullopt;
}

} // namespace

JournalQuestion question_of(const http::Request& request) {
    auto short_text = [&request](std::string_view name) {
        constexpr std::size_t longest = 100;
        const auto text = trimmed(request.query(name));
        return valid_utf8(text) ? cut_to_bytes(text, longest) : std::string{};
    };
    JournalQuestion typed{.person = to_lower_ascii(short_text("person")),
                          .item = short_text("item"),
                          .kind = short_text("kind"),
                          .from = short_text("from"),
                          .until = short_text("until")};
    // The address of a page is as good as its number.
    if (const auto slash = typed.item.rfind('/'); slash != std::string::npos) typed.item.erase(0, slash + 1);
    for (char digit : request.query("before").substr(0, 18))
        if (digit >= '0' && digit <= '9') typed.before = typed.before * 10 + (digit - '0');
    return typed;
}

std::optional<sharing::AuditFilter> filter_of(db::Tx& tx, const JournalQuestion& question, std::string_view zone) {
    sharing::AuditFilter filter{.item = parse_id<ItemId>(question.item).value_or(ItemId{}),
                                .kind = question.kind,
                                .from = beginning_of_day(question.from, zone),
                                .until = web::end_of_day(question.until, zone),
                                .before = question.before};
    if (question.person.empty()) return filter;
    const auto person = identity::find_person_by_login(tx, question.person);
    if (!person) return std::nullopt;
    filter.person = person->id;
    return filter;
}

std::vector<JournalLine> journal_about(db::Tx& tx, const web::Locale& locale, PersonId person, std::string_view zone,
                                       int limit) {
    auto lines = journal_lines(tx, locale, {.person = person}, zone, limit);
    std::erase_if(lines, [](const auto& line) { return line.kind == "person.named"; });
    return lines;
}

} // namespace preau::portal
