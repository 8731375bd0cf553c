// Where the blocks of each pane stand, for any body of 80 columns and 17 rows or more. Pure layout: which blocks, how
// many columns of them, and which go first when the terminal is small.
#pragma once

#include "dashboard/blocks.h"
#include "dashboard/canvas.h"
#include "dashboard/frame.h"

namespace keisei::dashboard {

/// Draws the pane's body into the area.
void draw_pane(Canvas& canvas, const Area& area, Pane pane, const Scene& scene);

}  // namespace keisei::dashboard
