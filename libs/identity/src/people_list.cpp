#include "identity/people_list.hpp"

#include "name_pages.hpp"
#include "people_list_store.hpp"
#include "person_store.hpp"

#include "base/plain_words.hpp"
#include "base/text.hpp"

namespace preau::identity {
namespace {

constexpr int most_examined = 3'000; // rows of an index for one page
constexpr int few = 2'000;           // so many are gathered and put in order instead

void cut(PeoplePage& page, int limit) {
    if (std::ssize(page.rows) <= limit) return;
    page.rows.resize(static_cast<std::size_t>(limit));
    page.next = PeopleKey{page.rows.back().sort, page.rows.back().id};
}

using Window = std::vector<PersonRow> (*)(db::Tx&, const store::Sieve&, const PeopleKey&, int, int);

PeoplePage by_window(db::Tx& tx, const store::Sieve& sieve, const PeopleKey& after, int limit, Window window,
                     std::optional<PeopleKey> (*end)(db::Tx&, const store::Sieve&, const PeopleKey&)) {
    // Where every row passes there is nothing to look further for.
    const bool filtered = !sieve.function.empty() || sieve.state != PeopleFilter::State::Any;
    PeoplePage page{.rows = window(tx, sieve, after, limit + 1, filtered ? most_examined : limit + 1)};
    if (std::ssize(page.rows) > limit)
        cut(page, limit);
    else if (filtered)
        page.next = end(tx, sieve, after);
    return page;
}

PeoplePage in_order(db::Tx& tx, const store::Sieve& sieve, const PeopleKey& after, int limit) {
    if (!sieve.function.empty() && store::few_hold(tx, sieve.function, few)) {
        PeoplePage page{.rows = store::holders(tx, sieve, after, limit + 1)};
        cut(page, limit);
        return page;
    }
    if (sieve.state == PeopleFilter::State::Closed)
        return by_window(tx, sieve, after, limit, store::closed,
                         [](db::Tx& in, const store::Sieve&, const PeopleKey& key) {
                             return store::end_of_closed(in, key, most_examined);
                         });
    if (sieve.structure)
        return by_window(tx, sieve, after, limit, store::below,
                         [](db::Tx& in, const store::Sieve& of, const PeopleKey& key) {
                             return store::end_of_below(in, of.structure, key, most_examined);
                         });
    return by_window(tx, sieve, after, limit, store::everybody,
                     [](db::Tx& in, const store::Sieve&, const PeopleKey& key) {
                         return store::end_of_everybody(in, key, most_examined);
                     });
}

// In a school all names are read and compared: exact, and quicker than walking all Martins of the country for the one
// who teaches here.
PeoplePage among_few(db::Tx& tx, const store::Sieve& sieve, const std::vector<std::string>& words,
                     const PeopleKey& after, int limit) {
    PeoplePage page;
    for (auto& row : store::below(tx, sieve, after, few, few)) {
        if (!words_begin(row.name, words)) continue;
        page.rows.push_back(std::move(row));
        if (std::ssize(page.rows) > limit) break;
    }
    cut(page, limit);
    return page;
}

PeoplePage by_name(db::Tx& tx, const store::Sieve& sieve, const std::vector<std::string>& words, const PeopleKey& after,
                   int limit) {
    const auto prefix = search_prefix(tx, sieve.state == PeopleFilter::State::Closed ? closed_scope : StructureId{},
                                      Subject::Kind::Person, words);
    const auto hits = store::named_after(tx, sieve.state, prefix, after, few);
    std::vector<std::int64_t> ids;
    for (const auto& hit : hits) ids.push_back(hit.subject);
    PeoplePage page{.rows = under_first_keys(hits, store::sifted(tx, sieve, ids), prefix, words, limit)};
    if (std::ssize(page.rows) > limit)
        cut(page, limit);
    else if (std::ssize(hits) == few)
        page.next = PeopleKey{hits.back().key, PersonId{hits.back().subject}};
    return page;
}

PeoplePage by_mail(db::Tx& tx, const store::Sieve& sieve, std::string_view typed, const PeopleKey& after, int limit) {
    const auto prefix = to_lower_ascii(typed);
    const bool filtered = sieve.structure || !sieve.function.empty() || sieve.state != PeopleFilter::State::Any;
    const int examined = filtered ? most_examined : limit + 1;
    PeoplePage page{.rows = store::by_mail(tx, sieve, prefix, after, limit + 1, examined)};
    if (std::ssize(page.rows) > limit)
        cut(page, limit);
    else if (filtered)
        page.next = store::end_of_mail(tx, prefix, after, examined);
    return page;
}

} // namespace

PeoplePage list_people(db::Tx& tx, const PeopleFilter& filter, const PeopleKey& after, int limit) {
    const store::Sieve sieve{.structure = filter.structure, .function = filter.function, .state = filter.state};
    const auto typed = trimmed(filter.typed);
    if (typed.empty()) return in_order(tx, sieve, after, limit);
    const bool anything = filter.by == PeopleFilter::Typed::Anything;
    if (anything && typed.contains('@')) return by_mail(tx, sieve, typed, after, limit);
    // A login is unique: who types one whole wants that account.
    if (auto account =
            anything && after.sort.empty() ? store::find_by_login(tx, to_lower_ascii(typed)) : std::nullopt) {
        PeoplePage page{.rows = store::sifted(tx, sieve, {account->id.value})};
        if (!page.rows.empty()) return page;
    }
    const auto words = plain_words(typed, 6);
    if (words.empty()) return {};
    if (filter.structure && store::few_below(tx, filter.structure, few))
        return among_few(tx, sieve, words, after, limit);
    return by_name(tx, sieve, words, after, limit);
}

std::vector<std::string> functions_in_use() {
    return {"teacher", "head",      "deputy-head", "manager",      "secretary",  "adviser",  "librarian", "inspector",
            "trainer", "assistant", "nurse",       "psychologist", "technician", "director", "staff"};
}

} // namespace preau::identity
