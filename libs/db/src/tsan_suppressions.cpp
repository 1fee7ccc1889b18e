// An exception travels from the database's thread to the caller's by std::exception_ptr. Its reference count lives in
// libstdc++.so, which is not instrumented: ThreadSanitizer does not see the atomic decrement and takes the last owner's
// free for a race with the reader.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
    return "race:std::__exception_ptr::exception_ptr::_M_release\n"
           "race:std::runtime_error::~runtime_error\n";
}
#endif
#endif
