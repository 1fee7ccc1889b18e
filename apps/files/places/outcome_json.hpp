// What requests on many items have in common: the list of items, and an answer that tells done and failed apart.
#pragma once

#include "files/files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::files {

struct AskedItems {
    std::vector<ItemId> items;
    std::vector<std::string> nonsense; // what is no id at all: told like what is not there
    ItemId to;                         // none where the request names none
    std::string if_taken;
};
// {"items": [ID…], "to": ID, "if_taken": …}. Errors: json_malformed, sharing.too_many, files.no_items.
Result<AskedItems> read_items(const http::Request& request);

struct DoneJson {
    ItemId id;
    std::string name;
    std::optional<ItemId> from; // where it stood: moving it back there undoes the move
};
PREAU_DESCRIBE(DoneJson, id, name, from)
struct FailedJson {
    std::string id;
    std::string title; // why, in the reader's language
};
PREAU_DESCRIBE(FailedJson, id, title)
struct OutcomeJson {
    std::vector<DoneJson> done;
    std::vector<FailedJson> failed;
    std::optional<std::string> job; // what goes on in the background: GET /api/files/jobs/ID
};
PREAU_DESCRIBE(OutcomeJson, done, failed, job)
void add_nonsense(OutcomeJson& json, const AskedItems& asked, const web::Locale& words);

} // namespace preau::files
