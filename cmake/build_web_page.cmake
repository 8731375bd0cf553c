# cmake -DNPM= -DSOURCE= -DFOLDER= -DTABLE= -P build_web_page.cmake: builds the page in FOLDER from a copy of SOURCE and
# writes its bytes as TABLE. A page that cannot be built is no failure: TABLE is then the empty one.
function(without_page WHY LOG)
  message("The web page could not be built (${WHY}); the program is built without it.\n${LOG}")
  message("To try again: remove ${TABLE}")
  configure_file(${CMAKE_CURRENT_LIST_DIR}/no_web_page.cpp.in ${TABLE} COPYONLY)
endfunction()

# Sources are laid anew, so that a file that was removed is gone; what npm installed stays.
file(GLOB old ${FOLDER}/*)
list(FILTER old EXCLUDE REGEX "/(node_modules|\\.installed)$")
if(old)
  file(REMOVE_RECURSE ${old})
endif()
file(GLOB parts ${SOURCE}/*)
list(FILTER parts EXCLUDE REGEX "/(node_modules|dist)$")
file(COPY ${parts} DESTINATION ${FOLDER})

file(SHA256 ${SOURCE}/package-lock.json lock)
set(installed "")
if(EXISTS ${FOLDER}/.installed)
  file(READ ${FOLDER}/.installed installed)
endif()
if(NOT installed STREQUAL lock)
  execute_process(COMMAND ${NPM} ci --no-audit --no-fund --prefer-offline --loglevel=error WORKING_DIRECTORY ${FOLDER}
                  RESULT_VARIABLE failed OUTPUT_VARIABLE log ERROR_VARIABLE log)
  if(failed)
    without_page("npm ci failed" "${log}")
    return()
  endif()
  file(WRITE ${FOLDER}/.installed ${lock})
endif()
execute_process(COMMAND ${NPM} run --silent build WORKING_DIRECTORY ${FOLDER}
                RESULT_VARIABLE failed OUTPUT_VARIABLE log ERROR_VARIABLE log)
if(failed)
  without_page("npm run build failed" "${log}")
endif()
