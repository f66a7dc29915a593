import dev.cotangent.*;
import static dev.cotangent.Tensors.*;
import static dev.cotangent.Dtype.*;
import java.util.*;
import java.util.stream.*;
