// preau-convert: pictures and plain text out of bytes that strangers made. A worker of the sandbox's Strict profile:
// reads descriptor 3, writes descriptor 4, opens nothing.
//
//   image SIZE        → WebP that fits SIZE × SIZE, turned as the camera was held, without any metadata
//   square SIZE       → the same, filling SIZE × SIZE: the middle of it
//   text office       → the words of an OpenDocument or Office Open XML file, UTF-8
//   text plain        → the words of a text file of whatever charset, UTF-8
#include "exit_status.hpp"
#include "input.hpp"
#include "office_text.hpp"
#include "picture.hpp"
#include "plain_text.hpp"

#include "sandbox/worker.hpp"

#include <clocale>
#include <cstdlib>

namespace {

int work(const preau::sandbox::worker::Job& job) {
    using namespace preau::convert;
    if (job.arguments.size() < 2) return wrong_use;
    const auto& what = job.arguments[0];
    const auto& how = job.arguments[1];
    if (what == "image" || what == "square")
        return make_picture(map_input(job, largest_picture), std::atoi(how.c_str()),
                            what == "square" ? Shape::Square : Shape::Whole);
    if (what == "text" && how == "office") return write_output(office_text(read_input(job, largest_office_file)));
    if (what == "text" && how == "plain")
        return write_output(plain_text(read_input(job, most_text), job.length > most_text ? Whole::No : Whole::Yes));
    return wrong_use;
}

} // namespace

int main(int, char** argv) {
    std::setlocale(LC_CTYPE,
                   "C.UTF-8"); // else libarchive would look for a converter of names, in a file; messages stay "C"
    preau::convert::prepare_pictures(argv[0]);
    preau::convert::prepare_office_text();
    return preau::sandbox::worker::serve([](const auto& job) {
        try {
            return work(job);
        } catch (const preau::convert::Refusal& refusal) {
            return preau::convert::refuse(refusal);
        }
    });
}
