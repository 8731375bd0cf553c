# STEP=build: configures and builds the fuzz targets with clang in FOLDER. STEP=run: RUNS executions of the target NAME
# from the seeds in CORPUS; what it finds on the way stays in FOLDER, an input that breaks a promise as crash-*.
if(STEP STREQUAL "build")
  find_program(fuzz_compiler NAMES clang++ clang++-14)
  if(NOT fuzz_compiler)
    message(FATAL_ERROR "clang++ is missing: install what packages-long.txt lists (clang, libclang-rt-14-dev)")
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${FOLDER} -G Ninja -DCMAKE_CXX_COMPILER=${fuzz_compiler}
            -DCMAKE_BUILD_TYPE=Release -DKEISEI_FUZZ=ON -DKEISEI_WITH_TORCH=OFF
            -DKEISEI_SANITIZE=address,undefined,fuzzer-no-link
    RESULT_VARIABLE failed)
  if(NOT failed)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${FOLDER} RESULT_VARIABLE failed)
  endif()
  if(failed)
    message(FATAL_ERROR "the fuzz targets could not be built; is libclang-rt-14-dev (packages-long.txt) installed?")
  endif()
  return()
endif()

set(found ${FOLDER}/found/${NAME})
file(REMOVE_RECURSE ${found})
file(MAKE_DIRECTORY ${found})
execute_process(
  COMMAND ${FOLDER}/tests/fuzz/fuzz_${NAME} -runs=${RUNS} -seed=1 -max_len=4096 -timeout=300 -rss_limit_mb=4096
          -artifact_prefix=${FOLDER}/${NAME}- -print_final_stats=1 -verbosity=1 ${found} ${CORPUS}
  RESULT_VARIABLE failed
  ERROR_VARIABLE log
  OUTPUT_VARIABLE log)
string(REGEX MATCH "stat::number_of_executed_units:[^\n]*" executed "${log}")
string(LENGTH "${log}" length)
math(EXPR from "${length} - 6000")
if(from LESS 0)
  set(from 0)
endif()
if(failed)
  string(SUBSTRING "${log}" ${from} -1 tail)
  message(FATAL_ERROR "${NAME}: a promise was broken (${failed}); the input is beside ${FOLDER}\n${tail}")
endif()
message(STATUS "${NAME}: ${executed}")
