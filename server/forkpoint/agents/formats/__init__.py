"""Line formats that several agents share."""
