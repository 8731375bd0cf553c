# cmake -DPLANTED=FILE -DSOURCE_DIR=DIR -DCOPY=FILE -P plant.cmake: COPY becomes src/<planted_in> with the one
# occurrence of `original` replaced by `mutated`. Fails when it occurs not once.
cmake_minimum_required(VERSION 3.25)
include(${PLANTED})
file(READ "${SOURCE_DIR}/src/${planted_in}" text)
string(FIND "${text}" "${original}" first)
string(FIND "${text}" "${original}" last REVERSE)
if(first EQUAL -1 OR NOT first EQUAL last)
  message(FATAL_ERROR "${PLANTED}: what it replaces must occur once in src/${planted_in}:\n${original}")
endif()
if(DEFINED COPY)
  string(REPLACE "${original}" "${mutated}" text "${text}")
  file(WRITE "${COPY}" "${text}")
endif()
