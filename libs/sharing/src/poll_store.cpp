#include "poll_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query insert_poll_sql{"sharing.insert_poll", R"(
    INSERT INTO poll (item, question, several, named, closes_at, results) VALUES ($1, $2, $3, $4, $5, $6))"};

const db::Query insert_choice_sql{"sharing.insert_choice", R"(
    INSERT INTO poll_choice (id, poll, position, text) VALUES ($1, $2, $3, $4))"};

const db::Query find_poll_sql{"sharing.find_poll", R"(
    SELECT item, question, several, named, closes_at, results FROM poll WHERE item = $1)"};

const db::Query choices_of_sql{"sharing.choices_of", R"(
    SELECT id, text FROM poll_choice WHERE poll = $1 ORDER BY position)"};

const db::Query votes_of_sql{"sharing.votes_of", R"(
    SELECT choice, count(*) AS votes FROM poll_mark WHERE poll = $1 GROUP BY choice)"};

const db::Query ballots_of_sql{"sharing.ballots_of", "SELECT count(*) FROM poll_ballot WHERE poll = $1"};

const db::Query marks_of_sql{"sharing.marks_of", "SELECT choice FROM poll_mark WHERE poll = $1 AND voter = $2"};

const db::Query named_marks_sql{"sharing.named_marks", R"(
    SELECT m.choice, b.name FROM poll_ballot b JOIN poll_mark m ON m.poll = b.poll AND m.voter = b.voter
     WHERE b.poll = $1 ORDER BY b.at, b.voter, m.choice LIMIT $2)"};

// The update locks a ballot that is there already: two votes of one voter at once come one after the other.
const db::Query put_ballot_sql{"sharing.put_ballot", R"(
    INSERT INTO poll_ballot (poll, voter, name, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (poll, voter) DO UPDATE SET name = excluded.name)"};

const db::Query delete_marks_sql{"sharing.delete_marks", "DELETE FROM poll_mark WHERE poll = $1 AND voter = $2"};

const db::Query insert_mark_sql{"sharing.insert_mark", R"(
    INSERT INTO poll_mark (poll, voter, choice) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};

const db::Query close_poll_sql{"sharing.close_poll", R"(
    UPDATE poll SET closes_at = $2 WHERE item = $1 AND (closes_at IS NULL OR closes_at > $2))"};

const db::Query purge_marks_sql{"sharing.purge_marks", "DELETE FROM poll_mark WHERE poll $IDS(1)"};
const db::Query purge_ballots_sql{"sharing.purge_ballots", "DELETE FROM poll_ballot WHERE poll $IDS(1)"};
const db::Query purge_choices_sql{"sharing.purge_choices", "DELETE FROM poll_choice WHERE poll $IDS(1)"};
const db::Query purge_polls_sql{"sharing.purge_polls", "DELETE FROM poll WHERE item $IDS(1)"};

} // namespace

void insert_poll(db::Tx& tx, const PollRow& poll) {
    tx.execute(insert_poll_sql, {poll.item, poll.question, poll.several, poll.named, poll.closes_at, poll.results});
}

void insert_choice(db::Tx& tx, ItemId poll, ChoiceId id, int position, std::string_view text) {
    tx.execute(insert_choice_sql, {id, poll, position, text});
}

std::optional<PollRow> find_poll(db::Tx& tx, ItemId poll) { return tx.one<PollRow>(find_poll_sql, {poll}); }
std::vector<ChoiceRow> choices_of(db::Tx& tx, ItemId poll) { return tx.all<ChoiceRow>(choices_of_sql, {poll}); }
std::vector<VotesRow> votes_of(db::Tx& tx, ItemId poll) { return tx.all<VotesRow>(votes_of_sql, {poll}); }

std::int64_t ballots_of(db::Tx& tx, ItemId poll) { return tx.one<std::int64_t>(ballots_of_sql, {poll}).value_or(0); }

std::vector<ChoiceId> marks_of(db::Tx& tx, ItemId poll, std::string_view voter) {
    return tx.all<ChoiceId>(marks_of_sql, {poll, db::Bytes{voter}});
}

std::vector<NamedMark> named_marks(db::Tx& tx, ItemId poll, int limit) {
    return tx.all<NamedMark>(named_marks_sql, {poll, limit});
}

void put_ballot(db::Tx& tx, ItemId poll, std::string_view voter, std::string_view name, Millis now) {
    tx.execute(put_ballot_sql, {poll, db::Bytes{voter}, name, now});
}

void replace_marks(db::Tx& tx, ItemId poll, std::string_view voter, const std::vector<ChoiceId>& choices) {
    tx.execute(delete_marks_sql, {poll, db::Bytes{voter}});
    for (auto choice : choices) tx.execute(insert_mark_sql, {poll, db::Bytes{voter}, choice});
}

bool close_poll(db::Tx& tx, ItemId poll, Millis now) { return tx.execute(close_poll_sql, {poll, now}) == 1; }

void delete_polls(db::Tx& tx, std::span<const std::int64_t> items) {
    for (const auto* query : {&purge_marks_sql, &purge_ballots_sql, &purge_choices_sql, &purge_polls_sql})
        tx.execute(*query, {db::Ids{items}});
}

} // namespace preau::sharing::store
