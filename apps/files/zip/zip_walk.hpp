// From items that somebody chose to the plan of their archive.
#pragma once

#include "files/files.hpp"
#include "files/zip/zip_plan.hpp"

#include <memory>

namespace preau::files::zip {

struct Chosen {
    std::vector<ItemId> items;
    // A folder that is taken alone gives its name to the archive, and what is in it stands at the top.
    bool contents_of_folder = false;
};

struct Planned {
    std::shared_ptr<const Plan> plan; // shared: kept until the last byte is sent
    std::string name;                 // of the folder, or of the only item; empty: of a selection
};

// Leaves out what the viewer may not see, and the trash. Bytes from before their CRC-32 was kept are read once for it.
// Errors: sharing.item for an item that the viewer may not see, files.not_a_folder, files.zip_too_many.
Task<Result<Planned>> plan_archive(Files& files, Viewer viewer, Chosen chosen);

} // namespace preau::files::zip
