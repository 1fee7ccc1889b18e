// The bytes of one request of an upload: into the partial, acknowledged step by step, finished with the last one.
#pragma once

#include "files/resume/resume.hpp"
#include "http/message.hpp"

namespace preau::files {

struct Part {
    std::string token;    // secret of the upload's address
    std::uint64_t offset; // where the sender says that its bytes belong
    std::string sha256;   // of the bytes, raw, when stated
    std::string handins;  // name of the folder of hand-ins, in the sender's language
};
// What `body` brings, or nothing (null). Answers the row as it is then. Errors: those of find_upload and
// check_going_on; files.upload_offset (409), blob.busy (423) while another request writes, files.too_large beyond the
// length, files.tus_mismatch (460), those of the body, blob.storage_full, those of finish_upload. Whatever the error:
// what was acknowledged before stays, and on a cut connection also what arrived.
Task<Result<Resumable>> receive_part(Files& files, Viewer viewer, Part part, http::BodyReader* body);

} // namespace preau::files
