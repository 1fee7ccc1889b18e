#include "input.hpp"

#include "exit_status.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace preau::convert {

int refuse(const Refusal& refusal) {
    [[maybe_unused]] auto said = ::write(2, refusal.words.data(), refusal.words.size());
    return refusal.status;
}

std::string read_input(const sandbox::worker::Job& job, std::size_t most) {
    if (job.length > most && most != most_text) throw Refusal{too_large, "more bytes than are looked at"};
    std::string bytes;
    bytes.resize_and_overwrite(std::min<std::size_t>(job.length, most), [&](char* room, std::size_t size) {
        std::size_t have = 0;
        while (have < size) {
            const auto got =
                pread(sandbox::worker::input, room + have, size - have, static_cast<off_t>(job.offset + have));
            if (got <= 0) break;
            have += static_cast<std::size_t>(got);
        }
        return have;
    });
    return bytes;
}

std::string_view map_input(const sandbox::worker::Job& job, std::size_t most) {
    if (job.length > most) throw Refusal{too_large, "more bytes than are looked at"};
    if (job.length == 0) return {};
    const auto before = job.offset % static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    auto* place = mmap(nullptr, job.length + before, PROT_READ, MAP_PRIVATE, sandbox::worker::input,
                       static_cast<off_t>(job.offset - before));
    if (place == MAP_FAILED) throw Refusal{unreadable, "the input cannot be read"};
    return {static_cast<const char*>(place) + before, job.length};
}

int write_output(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(sandbox::worker::output, bytes.data(), bytes.size());
        if (written <= 0) throw Refusal{unreadable, "the output was not taken"};
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

} // namespace preau::convert
