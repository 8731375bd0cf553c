# keisei_web_page(TARGET): builds web/ with npm and puts its files into TARGET as a table of bytes. Everything happens in
# the build folder; nothing generated lies in the source tree. Where npm is missing, or cannot fetch what the page is built
# with, the table is empty: the program then serves its data without a page, and says so.
option(KEISEI_WITH_PAGE "Build the web page (needs npm) into the program" ON)
find_program(KEISEI_NPM npm)

function(keisei_web_page TARGET)
  set(folder ${PROJECT_BINARY_DIR}/web)
  set(table ${folder}/web_assets.cpp)
  if(KEISEI_WITH_PAGE AND KEISEI_NPM)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/src/* ${PROJECT_SOURCE_DIR}/web/public/*)
    file(GLOB roots CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/*.*)
    add_custom_command(
      OUTPUT ${table}
      COMMAND ${CMAKE_COMMAND} -DNPM=${KEISEI_NPM} -DSOURCE=${PROJECT_SOURCE_DIR}/web -DFOLDER=${folder} -DTABLE=${table}
              -P ${PROJECT_SOURCE_DIR}/cmake/build_web_page.cmake
      DEPENDS ${sources} ${roots} ${PROJECT_SOURCE_DIR}/cmake/build_web_page.cmake
      COMMENT "Building the web page"
      VERBATIM)
  else()
    message(STATUS "The program is built without its web page: npm is missing or KEISEI_WITH_PAGE is off")
    configure_file(${PROJECT_SOURCE_DIR}/cmake/no_web_page.cpp.in ${table} COPYONLY)
  endif()
  target_sources(${TARGET} PRIVATE ${table})
endfunction()
