import Mesos
