// Polls: a question with 2 to 20 choices that any app can put anywhere. Who may view one may vote, once, and change it
// until it closes; a stranger without account or link may look, not vote.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

inline constexpr std::string_view poll_kind = "poll";
inline constexpr std::size_t fewest_choices = 2;
inline constexpr std::size_t most_choices = 20;

using ChoiceId = Id<struct PollChoiceTag>;

struct NewPoll {
    ItemId parent;
    std::string question;             // 1 to 300 characters; the item is named after it
    std::vector<std::string> choices; // 1 to 200 characters each, no two alike
    bool several = false;             // more than one choice may be marked
    bool named = false;               // results say who chose what
    std::optional<Millis> closes_at;
    std::string results = "always"; // "always", "after_vote", "after_close": when voters see them
};
// Needs Edit on the parent. Errors: those of create_item, poll.choices, poll.choice_twice, poll.closes, poll.results.
Result<Item> create_poll(db::Tx& tx, World& world, const Viewer& viewer, const NewPoll& poll);

struct PollChoice {
    ChoiceId id;
    std::string text;
    std::int64_t votes = 0;         // only where results are shown
    bool mine = false;
    std::vector<std::string> names; // of named polls, in the order of voting; at most 500
};
struct ShownPoll {
    Item item;
    Role role = Role::None;
    std::string question;
    bool several = false, named = false;
    std::optional<Millis> closes_at;
    std::string results;
    bool closed = false;
    bool voted = false;
    bool shown = false; // the results
    std::int64_t voters = 0;
    std::vector<PollChoice> choices;
};
// `voter`: voter_of() for who asks, or empty.
Result<ShownPoll> show_poll(db::Tx& tx, const World& world, const Viewer& viewer, ItemId poll, std::string_view voter);

// Who votes, as the ballot knows them: a digest under `key` of the poll and the person, or of the poll and the secret
// of a browser that came by a link. Empty for a stranger.
std::string voter_of(std::string_view key, ItemId poll, const Viewer& viewer, std::string_view browser);
// Replaces the voter's marks. `name` is kept by named polls alone. Errors: sharing.sign_in_needed (Unauthenticated) for
// an empty voter, poll.choose, poll.one_choice, poll.unknown_choice, poll.closed (Conflict). Event poll.voted, without
// a person where the poll is anonymous.
Result<void> vote(db::Tx& tx, World& world, const Viewer& viewer, ItemId poll, std::string_view voter,
                  std::string_view name, const std::vector<ChoiceId>& choices);
// No vote from now on. Needs Edit; event poll.closed.
Result<void> close_poll(db::Tx& tx, World& world, const Viewer& viewer, ItemId poll);
// RFC 4180, UTF-8: one line per choice with its votes; of named polls, one line per ballot. Needs Edit, and results
// that are shown: poll.not_yet (Conflict). Cells that a spreadsheet would take for a formula get an apostrophe.
Result<std::string> poll_csv(db::Tx& tx, const World& world, const Viewer& viewer, ItemId poll);

} // namespace preau::sharing
