#pragma once

#include "sharing/poll.hpp"

#include <span>

namespace preau::sharing::store {

struct PollRow {
    ItemId item;
    std::string question;
    bool several = false;
    bool named = false;
    std::optional<Millis> closes_at;
    std::string results;
};
PREAU_DESCRIBE(PollRow, item, question, several, named, closes_at, results)
struct ChoiceRow {
    ChoiceId id;
    std::string text;
};
PREAU_DESCRIBE(ChoiceRow, id, text)
struct VotesRow {
    ChoiceId choice;
    std::int64_t votes = 0;
};
PREAU_DESCRIBE(VotesRow, choice, votes)
struct NamedMark {
    ChoiceId choice;
    std::string name;
};
PREAU_DESCRIBE(NamedMark, choice, name)

void insert_poll(db::Tx& tx, const PollRow& poll);
void insert_choice(db::Tx& tx, ItemId poll, ChoiceId id, int position, std::string_view text);
std::optional<PollRow> find_poll(db::Tx& tx, ItemId poll);
std::vector<ChoiceRow> choices_of(db::Tx& tx, ItemId poll);
std::vector<VotesRow> votes_of(db::Tx& tx, ItemId poll);
std::int64_t ballots_of(db::Tx& tx, ItemId poll);
std::vector<ChoiceId> marks_of(db::Tx& tx, ItemId poll, std::string_view voter);
std::vector<NamedMark> named_marks(db::Tx& tx, ItemId poll, int limit); // in the order of voting
void put_ballot(db::Tx& tx, ItemId poll, std::string_view voter, std::string_view name, Millis now);
void replace_marks(db::Tx& tx, ItemId poll, std::string_view voter, const std::vector<ChoiceId>& choices);
bool close_poll(db::Tx& tx, ItemId poll, Millis now); // false: it was closed
void delete_polls(db::Tx& tx, std::span<const std::int64_t> items);

} // namespace preau::sharing::store
