#include "sharing/poll.hpp"

#include "base/csv.hpp"
#include "base/text.hpp"
#include "poll_store.hpp"

#include <set>

namespace preau::sharing {
namespace {

constexpr std::size_t longest_question = 300;
constexpr std::size_t longest_choice = 200;
constexpr std::size_t longest_name = 200; // bytes of the item's, so that numbering still fits
constexpr int names_shown = 500;
constexpr int csv_lines = 100'000;

// "Sortie au volcan / à la mer ?" as a name in a folder.
std::string name_of(std::string_view question) {
    std::string name{question};
    std::ranges::replace(name, '/', '-');
    return cut_to_bytes(name, longest_name);
}

Result<std::vector<std::string>> check_choices(const std::vector<std::string>& raw) {
    std::vector<std::string> choices;
    std::set<std::string> alike;
    for (const auto& text : raw) {
        if (trimmed(text).empty()) continue; // a line left empty
        if (choices.size() == most_choices) return invalid("choices", "poll.choices");
        auto choice = TRY(check_line(text, "choices", 1, longest_choice));
        if (!alike.insert(fold_case(choice)).second) return invalid("choices", "poll.choice_twice");
        choices.push_back(std::move(choice));
    }
    if (choices.size() < fewest_choices) return invalid("choices", "poll.choices");
    return choices;
}

bool is_closed(const store::PollRow& poll, Millis now) { return poll.closes_at && *poll.closes_at <= now; }

bool results_shown(const store::PollRow& poll, bool voted, bool closed) {
    return closed || poll.results == "always" || (poll.results == "after_vote" && voted);
}

struct Asked {
    Standing place;
    store::PollRow poll;
};

Result<Asked> find(db::Tx& tx, const Viewer& viewer, Action action, ItemId id, Millis now) {
    auto place = standing(tx, viewer, id, now);
    TRY(allow(place, action));
    auto poll = place.item->kind == poll_kind ? store::find_poll(tx, id) : std::nullopt;
    if (!poll) return not_found("sharing.item");
    return Asked{.place = std::move(place), .poll = std::move(*poll)};
}

} // namespace

Result<Item> create_poll(db::Tx& tx, World& world, const Viewer& viewer, const NewPoll& form) {
    auto question = TRY(check_line(form.question, "question", 1, longest_question));
    auto choices = TRY(check_choices(form.choices));
    if (form.closes_at && *form.closes_at <= world.clock.now()) return invalid("closes", "poll.closes");
    if (form.results != "always" && form.results != "after_vote" && form.results != "after_close")
        return invalid("results", "poll.results");
    if (form.results == "after_close" && !form.closes_at) return invalid("closes", "poll.never_shown");
    auto item = TRY(create_item(tx, world, viewer,
                                {.parent = form.parent,
                                 .kind = std::string{poll_kind},
                                 .title = name_of(question),
                                 .if_taken = NewItem::IfTaken::Number}));
    store::insert_poll(tx, {.item = item.id,
                            .question = std::move(question),
                            .several = form.several,
                            .named = form.named,
                            .closes_at = form.closes_at,
                            .results = form.results});
    int position = 0;
    for (const auto& choice : choices)
        store::insert_choice(tx, item.id, world.ids.next_as<ChoiceId>(), position++, choice);
    return item;
}

Result<ShownPoll> show_poll(db::Tx& tx, const World& world, const Viewer& viewer, ItemId id, std::string_view voter) {
    const auto now = world.clock.now();
    auto [place, poll] = TRY(find(tx, viewer, Action::View, id, now));
    auto mine = voter.empty() ? std::vector<ChoiceId>{} : store::marks_of(tx, id, voter);
    ShownPoll shown{.item = *place.item,
                    .role = place.role,
                    .question = poll.question,
                    .several = poll.several,
                    .named = poll.named,
                    .closes_at = poll.closes_at,
                    .results = poll.results,
                    .closed = is_closed(poll, now),
                    .voted = !mine.empty(),
                    .voters = store::ballots_of(tx, id)};
    shown.shown = results_shown(poll, shown.voted, shown.closed);
    for (auto& choice : store::choices_of(tx, id))
        shown.choices.push_back({.id = choice.id,
                                 .text = std::move(choice.text),
                                 .mine = std::ranges::find(mine, choice.id) != mine.end()});
    if (!shown.shown) return shown;
    auto at = [&](ChoiceId choice) { return std::ranges::find(shown.choices, choice, &PollChoice::id); };
    for (const auto& row : store::votes_of(tx, id))
        if (auto choice = at(row.choice); choice != shown.choices.end()) choice->votes = row.votes;
    if (poll.named)
        for (auto& mark : store::named_marks(tx, id, names_shown))
            if (auto choice = at(mark.choice); choice != shown.choices.end())
                choice->names.push_back(std::move(mark.name));
    return shown;
}

std::string voter_of(std::string_view key, ItemId poll, const Viewer& viewer, std::string_view browser) {
    if (viewer.is_person()) return hmac_sha256(key, "poll " + to_text(poll) + " person " + to_text(viewer.person));
    if (viewer.kind != Viewer::Kind::LinkHolder || browser.empty()) return {};
    return hmac_sha256(key, "poll " + to_text(poll) + " browser " + std::string{browser});
}

Result<void> vote(db::Tx& tx, World& world, const Viewer& viewer, ItemId id, std::string_view voter,
                  std::string_view name, const std::vector<ChoiceId>& choices) {
    const auto now = world.clock.now();
    auto [place, poll] = TRY(find(tx, viewer, Action::View, id, now));
    if (voter.empty()) return fail(Error::Kind::Unauthenticated, "sharing.sign_in_needed");
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    if (choices.empty()) return invalid("choice", "poll.choose");
    if (!poll.several && choices.size() > 1) return invalid("choice", "poll.one_choice");
    auto known = store::choices_of(tx, id);
    for (auto choice : choices)
        if (std::ranges::find(known, choice, &store::ChoiceRow::id) == known.end())
            return invalid("choice", "poll.unknown_choice");
    store::put_ballot(tx, id, voter, poll.named ? name : std::string_view{}, now);
    // Asked behind the ballot's lock: it may have been closed while this vote waited for another of the same voter.
    auto again = store::find_poll(tx, id);
    if (!again || is_closed(*again, now)) return fail(Error::Kind::Conflict, "poll.closed");
    store::replace_marks(tx, id, voter, choices);
    record_event(tx, world, poll.named ? viewer : Viewer{}, "poll.voted", id);
    return {};
}

Result<void> close_poll(db::Tx& tx, World& world, const Viewer& viewer, ItemId id) {
    const auto now = world.clock.now();
    TRY(find(tx, viewer, Action::Edit, id, now));
    if (!store::close_poll(tx, id, now)) return {}; // pressed twice
    record_event(tx, world, viewer, "poll.closed", id);
    return {};
}

Result<std::string> poll_csv(db::Tx& tx, const World& world, const Viewer& viewer, ItemId id) {
    const auto now = world.clock.now();
    auto [place, poll] = TRY(find(tx, viewer, Action::Edit, id, now));
    if (!results_shown(poll, true, is_closed(poll, now))) return fail(Error::Kind::Conflict, "poll.not_yet");
    auto choices = store::choices_of(tx, id);
    std::string csv;
    if (poll.named) {
        for (const auto& mark : store::named_marks(tx, id, csv_lines)) {
            auto choice = std::ranges::find(choices, mark.choice, &store::ChoiceRow::id);
            if (choice != choices.end()) csv += csv_cell(mark.name) + ',' + csv_cell(choice->text) + "\r\n";
        }
        return csv;
    }
    auto votes = store::votes_of(tx, id);
    for (const auto& choice : choices) {
        auto row = std::ranges::find(votes, choice.id, &store::VotesRow::choice);
        csv += csv_cell(choice.text) + ',' + std::to_string(row == votes.end() ? 0 : row->votes) + "\r\n";
    }
    return csv;
}

} // namespace preau::sharing
