// Bytes taken over from another store under their own locator.
#pragma once

#include "blob/blob_store.hpp"

#include "local_layout.hpp"

namespace preau::blob {

// As BlobStore::adopt. Blocks: for a worker.
Result<bool> copy_here(LocalLayout& layout, const std::string& locator, const Source& from);

} // namespace preau::blob
