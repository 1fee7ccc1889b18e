# Runs FUZZER for a second from a copy of CORPUS, so that what it adds never lands in the source tree. What breaks it is
# kept in FOLDER.
file(GLOB seeds ${CORPUS}/*)
list(LENGTH seeds count)
if(count LESS 12)
    message(FATAL_ERROR "${CORPUS} holds ${count} seeds: a fuzzer starts from a dozen that mean something")
endif()
file(REMOVE_RECURSE ${FOLDER}/corpus)
file(MAKE_DIRECTORY ${FOLDER}/found)
file(COPY ${CORPUS}/ DESTINATION ${FOLDER}/corpus)
execute_process(COMMAND ${FUZZER} -max_total_time=1 -runs=1000000 -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=128
        -artifact_prefix=${FOLDER}/found/ ${FOLDER}/corpus
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "the fuzzer found something: see ${FOLDER}/found")
endif()
