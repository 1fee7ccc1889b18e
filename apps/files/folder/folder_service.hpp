// Reading folders and files, inside one transaction each. Every function asks can() before it answers. Changing them is
// the tree's business (sharing/tree.hpp); this app adds nothing to its rules.
#pragma once

#include "files/folder/folder.hpp"

namespace preau::files {

// Errors of both: sharing.item (NotFound) for who may not see it, files.deposit_only for who may only hand in.
// A page of a folder costs the same number of queries whatever the number of rows.
// `standing` is what sharing::standing() found for this viewer and item.
Result<Listing> list_folder(db::Tx& tx, const Viewer& viewer, const sharing::Standing& standing, const ListWish& wish,
                            Millis now);
Result<FileListing> show_file(db::Tx& tx, const Viewer& viewer, const sharing::Standing& standing, Millis now);

// Errors: those of sharing::create_item, files.not_a_folder.
Result<sharing::Item> create_folder(db::Tx& tx, sharing::World& world, const Viewer& viewer, ItemId parent,
                                    std::string_view name);

Result<void> check_container(db::Tx& tx, ItemId folder); // errors: files.not_a_folder
bool is_container(std::string_view kind); // of files: space, folder, handin

// The viewer with the rights of who manages the space: for what the space itself has to do (taking in what a family
// hands in, clearing away half a copy). Events still name the viewer.
Viewer with_manager_of(db::Tx& tx, const Viewer& viewer, ItemId space);

// Ancestors from the highest one that the viewer may see; what stands above stays unknown.
std::vector<sharing::Item> visible_path(db::Tx& tx, const Viewer& viewer, const sharing::Item& item,
                                        const sharing::Standing& standing, Millis now);

} // namespace preau::files
