// Tables and queries that the tests of this library share.
#pragma once

#include "db/test_databases.hpp"

#include <future>
#include <thread>

namespace preau::db::testing {

using NoteId = Id<struct NoteTag>;
enum class Mood { Quiet = 1, Loud = 2 };

struct Note {
    NoteId id;
    std::string title;
    std::optional<std::string> text;
    std::string bytes;
    std::optional<std::int64_t> size;
    double weight = 0;
    bool closed = false;
    Mood mood = Mood::Quiet;
};
PREAU_DESCRIBE(Note, id, title, text, bytes, size, weight, closed, mood)

std::vector<Migration> note_migrations();
void insert_note(Tx& tx, const Note& note);
std::optional<Note> find_note(Tx& tx, NoteId id);
std::vector<std::int64_t> note_ids(Tx& tx);
std::int64_t count_notes(Tx& tx);
bool close_note(Tx& tx, NoteId id);
void insert_id(Tx& tx, std::int64_t id); // a note with this id and little else

// Waits in a closure until the test lets it go on.
class Latch {
public:
    void open() { promise_.set_value(); }
    void wait() const { future_.wait(); }

private:
    std::promise<void> promise_;
    std::shared_future<void> future_ = promise_.get_future().share();
};

// Starts a write or read without waiting for it; the future answers as the task does.
template <class T> std::future<T> begin(Task<T> task) {
    auto promise = std::make_shared<std::promise<T>>(); // shared: start() copies its `done`
    auto future = promise->get_future();
    if constexpr (std::is_void_v<T>)
        start(std::move(task),
              [promise](std::exception_ptr error) { error ? promise->set_exception(error) : promise->set_value(); });
    else
        start(std::move(task), [promise](std::exception_ptr error, T* value) {
            error ? promise->set_exception(error) : promise->set_value(std::move(*value));
        });
    return future;
}

} // namespace preau::db::testing
