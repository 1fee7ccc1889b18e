// The demonstration school: named people, one class, real files. Tests, benchmarks and the first minutes of every
// newcomer stand on it, so that its logins and names stay.
#pragma once

#include "blob/blob_store.hpp"
#include "identity/people.hpp"
#include "sharing/link.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preau::server {

class Site;

struct DemoPerson {
    std::string_view login, name, title;
};
std::span<const DemoPerson> demo_people();
std::span<const std::string_view> demo_pupils(); // 26, in French order

struct DemoSchool {
    std::map<std::string, PersonId, std::less<>> people; // by login
    GroupId class_6eb;
    sharing::MadeLink class_link;
    std::vector<sharing::MadeLink> pupil_links;
};
// `hashes`: PHC strings by login, empty for people who come by a one-time link.
Result<DemoSchool> make_school(db::Tx& tx, Site& site, const std::map<std::string, std::string>& hashes);

struct DemoFile {
    std::string folder; // title of a folder in the space of its owner
    std::string name;
    blob::Stored stored; // bytes that are durable already
};
// Drawn and stored before the transaction that names them.
Result<std::vector<DemoFile>> store_demo_files(blob::BlobStore& blobs);
// Folders, files and shares of the teacher; answers the link of the folder that families see and hand in to.
Result<sharing::MadeLink> make_files(db::Tx& tx, Site& site, const DemoSchool& school,
                                     const std::vector<DemoFile>& files);

} // namespace preau::server
