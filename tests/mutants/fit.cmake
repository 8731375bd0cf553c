# cmake -DSOURCE_DIR=DIR -DFILES=LIST -P fit.cmake: fails when a planted bug no longer fits its source file.
cmake_minimum_required(VERSION 3.25)
foreach(PLANTED ${FILES})
  include(${CMAKE_CURRENT_LIST_DIR}/plant.cmake)
endforeach()
list(LENGTH FILES count)
if(count LESS 12)
  message(FATAL_ERROR "only ${count} planted bugs; at least 12 are promised")
endif()
