# What `cmake --install` and `cpack` lay down beside the programs: manual pages and completions (written by the program
# itself while it is installed, so that they say what it understands), configurations, documents, alert rules. Included
# last. Programs go to bin/ side by side: keisei finds keisei-torch beside itself.
include(GNUInstallDirs)

set(keisei_pages ${PROJECT_BINARY_DIR}/pages)
install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" \"-DKEISEI=$<TARGET_FILE:keisei>\" \"-DFOLDER=${keisei_pages}\"
                                      -P \"${PROJECT_SOURCE_DIR}/cmake/write_pages.cmake\" COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${keisei_pages}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${keisei_pages}/completion/keisei DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${keisei_pages}/completion/_keisei DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${keisei_pages}/completion/keisei.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(DIRECTORY configs ops DESTINATION ${CMAKE_INSTALL_DATADIR}/keisei)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md ARCHITECTURE.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME keisei)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "The Keisei developers")
set(CPACK_PACKAGE_CONTACT "The Keisei developers <keisei@keisei.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "trains a shogi player by self-play and evaluates it meanwhile")
set(CPACK_PACKAGE_DESCRIPTION
    "Keisei trains a shogi player from nothing by self-play, and evaluates it while it trains, under enforced limits on \
what the evaluation may cost the training. It plays matches between any players (USI and XBoard engines too), speaks \
USI itself, converts game records, and shows runs on the terminal and in a browser.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION games)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "fairy-stockfish, prometheus, fonts-noto-cjk")
if(KEISEI_WITH_TORCH)
  # libtorch asks for any BLAS; without this one Debian gives it the slow reference BLAS.
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-pthread | libopenblas0")
endif()
include(CPack)
